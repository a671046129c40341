package io.jofka.node.broker;

import java.util.HashSet;
import java.util.Set;

/** The fetches that wait for one partition. Thread-safe; takes no memory for a set while nobody waits. */
final class FetchWaiters {
    private volatile Set<FetchWaiter> waiting = Set.of();

    /** After it, a move that was not seen by the caller wakes it: register first, then look again, then wait. */
    synchronized void add(FetchWaiter waiter) {
        Set<FetchWaiter> set = waiting.isEmpty() ? HashSet.newHashSet(2) : waiting;
        set.add(waiter);
        waiting = set;
    }

    synchronized void remove(FetchWaiter waiter) {
        if (!waiting.isEmpty()) {
            waiting.remove(waiter);
            if (waiting.isEmpty()) {
                waiting = Set.of();
            }
        }
    }

    /** Wakes all and forgets them. */
    void wakeAll() {
        if (waiting.isEmpty()) {
            return;
        }
        Set<FetchWaiter> woken;
        synchronized (this) {
            woken = waiting;
            waiting = Set.of();
        }
        woken.forEach(FetchWaiter::wake);
    }
}
