package io.jofka.node.storage;

import java.io.Serial;

/**
 * The disk or a file on it is broken. {@link Scope#PARTITION}: this partition goes offline (its file is damaged);
 * {@link Scope#DIRECTORY}: the whole log directory goes offline for good (a write or force failed);
 * {@link Scope#FULL}: no space; what was being written is undone, the partition stays readable and writes may be tried
 * again when space has returned (A22).
 */
public final class StorageFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** How much is lost to service. */
    public enum Scope {
        PARTITION,
        DIRECTORY,
        FULL
    }

    private final Scope scope;

    public StorageFailure(Scope scope, String message, Throwable cause) {
        super(message, cause);
        this.scope = scope;
    }

    public StorageFailure(Scope scope, String message) {
        super(message);
        this.scope = scope;
    }

    public Scope scope() {
        return scope;
    }
}
