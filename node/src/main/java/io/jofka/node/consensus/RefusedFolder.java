package io.jofka.node.consensus;

/** The metadata folder must not be used as it is; the message tells a person why. Nothing was changed. */
public final class RefusedFolder extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedFolder(String message) {
        super(message);
    }
}
