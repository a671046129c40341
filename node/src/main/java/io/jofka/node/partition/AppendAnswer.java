package io.jofka.node.partition;

import io.jofka.api.fault.Fault;
import java.util.Optional;

/** What the leader says about one proposed append. */
public sealed interface AppendAnswer {
    /** Stored and acknowledged as asked; {@code appendTimeMs} is -1 unless the leader stamps time. */
    record Done(long baseOffset, long lastOffset, long appendTimeMs, boolean duplicate) implements AppendAnswer {}

    /** Nothing of it is or will be in the log. */
    record Refused(Fault fault, String detail) implements AppendAnswer {}

    /**
     * It may or may not stay in the log.
     *
     * @param written where it stands in this replica's log; empty when it is not known to be there
     */
    record Unknown(Fault fault, String detail, Optional<Done> written) implements AppendAnswer {
        public Unknown(Fault fault, String detail) {
            this(fault, detail, Optional.empty());
        }
    }
}
