package io.jofka.api.batch;

import io.jofka.api.fault.Fault;
import java.util.List;

/** What {@link BatchChecks} found. */
public sealed interface BatchCheck {
    /** All batches are good; their headers in order, as the bytes have them. */
    record Valid(List<BatchHeader> headers) implements BatchCheck {
        public Valid {
            headers = List.copyOf(headers);
        }
    }

    /** The batch {@code batchIndex} (from 0) is not; {@code detail} is a sentence for the sender. */
    record Invalid(Fault fault, String detail, int batchIndex) implements BatchCheck {}
}
