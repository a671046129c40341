package io.jofka.node.boot;

/** Why a node cannot start, as a sentence for the person who started it. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
