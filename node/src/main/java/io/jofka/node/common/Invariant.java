package io.jofka.node.common;

import com.google.errorprone.annotations.FormatMethod;

/** Checks that are always on: a failure is a bug of ours, ends the loop that owns the state and marks the node unhealthy. */
public final class Invariant {
    private Invariant() {}

    @FormatMethod
    public static void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalStateException(String.format(message, arguments));
        }
    }
}
