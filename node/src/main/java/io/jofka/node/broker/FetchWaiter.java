package io.jofka.node.broker;

import java.util.concurrent.locks.LockSupport;

/** A thread that waits for any of several partitions to move. One use; woken at most once. */
final class FetchWaiter {
    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    void wake() {
        if (!woken) {
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    /** Called by the thread that made it: waits until woken, interrupted or out of time. */
    void await(long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (!woken && !Thread.currentThread().isInterrupted()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }
}
