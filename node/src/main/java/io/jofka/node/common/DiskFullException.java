package io.jofka.node.common;

import java.io.IOException;
import java.io.Serial;

/** No space or quota is left. Part of what was being written may be in the file. */
public final class DiskFullException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
