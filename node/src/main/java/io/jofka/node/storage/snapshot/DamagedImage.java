package io.jofka.node.storage.snapshot;

import java.io.Serial;

/** An image file cannot be read or is not what it says; the snapshot of the metadata log stands in for it. */
public final class DamagedImage extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public DamagedImage(String message) {
        super(message);
    }

    public DamagedImage(String message, Throwable cause) {
        super(message, cause);
    }
}
