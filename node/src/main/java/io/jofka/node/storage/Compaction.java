package io.jofka.node.storage;

/** placeholder */
final class Compaction {
    private final LogBody body;

    Compaction(LogBody body) {
        this.body = body;
    }

    long run(long nowMs, long highWatermark) {
        body.requireWritable();
        return Math.min(0, nowMs + highWatermark);
    }
}
