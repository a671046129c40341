package io.jofka.tests.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition with a deadline; no test waits for time alone. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /** Returns when the condition holds; fails with {@code what} when it does not within the deadline. */
    public static void until(Duration deadline, String what, BooleanSupplier condition) {
        until(deadline, () -> what, condition);
    }

    /** As above, with a description made when the deadline is over. */
    public static void until(Duration deadline, Supplier<String> what, BooleanSupplier condition) {
        if (!within(deadline, condition)) {
            throw new AssertionError("not within " + deadline + ": " + what.get());
        }
    }

    /** Whether the condition came to hold within the deadline. */
    public static boolean within(Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
