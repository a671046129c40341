package io.jofka.node.storage;

/**
 * Limits of one log directory.
 *
 * @param maxOpenFiles segment files kept open at most, 16 to 1,000,000; well below the process's limit of open files
 *     (files that a reader still holds come on top)
 * @param indexCacheBytes heap for indexes of closed segments, at least 64 KiB
 * @param forceThreads platform threads that force files, 1 to 64; 0 forces in the caller's thread, which makes a
 *     simulation repeatable
 * @param checkpointMs how often the checkpoint is written when something changed, in ms; 0 only on {@code checkpoint()}
 *     and {@code close()}
 * @param flushMs appended data that nobody forces are forced in the background after this time, in ms, so that recovery
 *     after a crash reads little
 * @param inlineSnapshotBytes producer snapshots up to this size are kept in the checkpoint instead of a file, 0 to 64 KiB
 * @param compactionMapBytes heap of one compaction pass for its map of keys, 24 bytes a key, at least 64 KiB; it
 *     remembers one producer for each 128 bytes besides
 * @param maxInflatedBytes the most that a batch may inflate to when a look-up or compaction reads it, in bytes
 */
public record StorageConfig(
        int maxOpenFiles,
        long indexCacheBytes,
        int forceThreads,
        long checkpointMs,
        long flushMs,
        int inlineSnapshotBytes,
        int compactionMapBytes,
        long maxInflatedBytes) {
    public StorageConfig {
        within("maxOpenFiles", maxOpenFiles, 16, 1_000_000);
        within("indexCacheBytes", indexCacheBytes, 64 << 10, Long.MAX_VALUE);
        within("forceThreads", forceThreads, 0, 64);
        within("checkpointMs", checkpointMs, 0, 3_600_000);
        within("flushMs", flushMs, 1, 3_600_000);
        within("inlineSnapshotBytes", inlineSnapshotBytes, 0, 64 << 10);
        within("compactionMapBytes", compactionMapBytes, 64 << 10, 1 << 30);
        within("maxInflatedBytes", maxInflatedBytes, 1 << 10, Integer.MAX_VALUE - 8);
    }

    /** For a node of its own. */
    public static StorageConfig defaults() {
        return new StorageConfig(2_000, 64L << 20, 2, 5_000, 30_000, 1 << 10, 64 << 20, 256L << 20);
    }

    /** No threads and no timers: all happens in the calls. */
    public static StorageConfig simulated() {
        return new StorageConfig(64, 1L << 20, 0, 0, 30_000, 1 << 10, 1 << 20, 64L << 20);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", not " + least + " to " + most);
        }
    }
}
