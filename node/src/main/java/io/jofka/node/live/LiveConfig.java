package io.jofka.node.live;

/**
 * Limits of the live edge.
 *
 * @param maxEvents events that are kept, 1 to 1,000,000
 * @param maxEventBytes about how many bytes the kept events may take together, 64 KiB to 1 GiB
 * @param maxStreams streams that are open at once, 1 to 10,000; more are answered 503
 * @param heartbeatMs time between comments on a silent stream, 100 to 60,000
 * @param stalledMs how long a write to a stream may block before the connection is closed, 1,000 to 600,000
 */
public record LiveConfig(int maxEvents, long maxEventBytes, int maxStreams, int heartbeatMs, int stalledMs) {
    public static LiveConfig defaults() {
        return new LiveConfig(10_000, 8L << 20, 256, 15_000, 30_000);
    }
}
