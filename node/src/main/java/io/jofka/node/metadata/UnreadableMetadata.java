package io.jofka.node.metadata;

import java.io.Serial;

/**
 * A metadata record cannot be understood: damaged, or written by a newer program. The node must not go on, because
 * skipping the record would make its image differ from the cluster's.
 */
public final class UnreadableMetadata extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public UnreadableMetadata(String message) {
        super(message);
    }

    public UnreadableMetadata(String message, Throwable cause) {
        super(message, cause);
    }
}
