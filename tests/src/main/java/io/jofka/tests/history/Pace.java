package io.jofka.tests.history;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * When acknowledgements came to each client. Of interest is the longest time without one: how long a fault was felt.
 * Thread-safe; times are those of {@link System#nanoTime}.
 */
public final class Pace {
    private static final class Gap {
        long lastNanos;
        long longestNanos;
        long count;

        Gap(long lastNanos) {
            this.lastNanos = lastNanos;
        }

        void next(long nanos) {
            longestNanos = Math.max(longestNanos, nanos - lastNanos);
            lastNanos = Math.max(lastNanos, nanos);
            count++;
        }
    }

    private final Map<String, Gap> clients = new TreeMap<>();

    synchronized void acknowledged(String client, long nanos) {
        clients.computeIfAbsent(client, _ -> new Gap(nanos)).next(nanos);
    }

    /** Clients that were acknowledged anything. */
    public synchronized Set<String> clients() {
        return Set.copyOf(clients.keySet());
    }

    /** How much each client was acknowledged. */
    public synchronized Map<String, Long> acknowledged() {
        Map<String, Long> counts = new TreeMap<>();
        clients.forEach((client, gap) -> counts.put(client, gap.count));
        return counts;
    }

    /** Forgets the gaps so far: what follows is of interest. */
    public synchronized void mark() {
        clients.values().forEach(gap -> gap.longestNanos = 0);
    }

    /** The longest gap of each client since the mark that has ended, in whole milliseconds. */
    public synchronized Map<String, Long> longestMs() {
        Map<String, Long> gaps = new TreeMap<>();
        clients.forEach((client, gap) ->
                gaps.put(client, Duration.ofNanos(gap.longestNanos).toMillis()));
        return gaps;
    }
}
