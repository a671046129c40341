package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import java.util.List;

/** What became of a produce. */
public sealed interface ProduceOutcome {
    /**
     * Acknowledged as asked. {@code logAppendTimeMs} is -1 unless the topic stamps append time. A duplicate carries the
     * offsets of the original.
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate)
            implements ProduceOutcome {}

    /** Nothing was appended. */
    record Refused(Fault fault, String detail, List<RecordError> recordErrors) implements ProduceOutcome {
        public Refused(Fault fault, String detail) {
            this(fault, detail, List.of());
        }
    }

    /** It may or may not be in the log (timeout, shutdown or failed force after the append). */
    record Unknown(Fault fault, String detail) implements ProduceOutcome {}

    /** A record at fault inside the request; {@code batchIndex} counts records over all batches from 0. */
    record RecordError(int batchIndex, String detail) {}
}
