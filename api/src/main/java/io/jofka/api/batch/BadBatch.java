package io.jofka.api.batch;

import io.jofka.api.fault.Fault;

/**
 * Thrown by the readers when bytes are not what the format allows, or inflate beyond the limits. The message is a
 * sentence for the sender. It carries no stack trace: hostile bytes must be cheap to refuse.
 */
public final class BadBatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    public BadBatch(Fault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    /** What to tell the sender: {@code CORRUPT_BATCH}, {@code INVALID_RECORD}, {@code RECORD_LIST_TOO_LARGE} and so on. */
    public Fault fault() {
        return fault;
    }

    /** Same as {@link #getMessage}, never null. */
    public String detail() {
        String message = getMessage();
        return message == null ? fault.title() : message;
    }

    static BadBatch corrupt(String detail) {
        return new BadBatch(Fault.CORRUPT_BATCH, detail);
    }

    static BadBatch invalid(String detail) {
        return new BadBatch(Fault.INVALID_RECORD, detail);
    }
}
