package io.jofka.node.boot;

import org.jspecify.annotations.Nullable;

/** Why a node cannot start, as a sentence for the person who started it. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
