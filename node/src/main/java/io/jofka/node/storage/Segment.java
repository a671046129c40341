package io.jofka.node.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a log: an append-only file and its index. The owner of the log changes it; readers use the volatile
 * fields. A segment that is deleted, truncated or replaced by compaction is retired, never reused: readers that meet a
 * retired one take the log's segments anew. The monitor guards opening of the file and loading of the index.
 */
final class Segment {
    private final LogPaths paths;
    private final long baseOffset;
    private final long createdMs;
    private volatile Extent extent;
    private volatile boolean retired;

    /** Bytes known to be durable; written by the force thread under the log's force lock. */
    volatile int forcedBytes;

    /** Timestamp of the first batch, which rolling by time counts from; -1 when not read yet. Owner only. */
    long firstTimestampMs = -1;

    /** Whether the file was made; a log without records has none. Owner only. */
    boolean exists;

    /** Whether the size of the file was compared with the extent. Owner only. */
    boolean verified;

    volatile @Nullable OpenFile openFile;
    private volatile @Nullable SparseIndex index;

    Segment(LogPaths paths, long baseOffset, Extent extent, long createdMs) {
        this.paths = paths;
        this.baseOffset = baseOffset;
        this.extent = extent;
        this.createdMs = createdMs;
        this.forcedBytes = extent.sizeBytes();
        this.exists = extent.sizeBytes() > 0;
    }

    /** A segment without content. */
    static Segment empty(LogPaths paths, long baseOffset, long nowMs) {
        Segment segment = new Segment(paths, baseOffset, new Extent(0, baseOffset, -1), nowMs);
        segment.index = new SparseIndex();
        return segment;
    }

    long baseOffset() {
        return baseOffset;
    }

    long createdMs() {
        return createdMs;
    }

    Extent extent() {
        return extent;
    }

    int sizeBytes() {
        return extent.sizeBytes();
    }

    long endOffset() {
        return extent.endOffset();
    }

    void extend(Extent larger) {
        extent = larger;
    }

    Path path() {
        return paths.log(baseOffset);
    }

    LogPaths paths() {
        return paths;
    }

    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    StorageFailure writeFailed(String action, IOException cause) {
        return paths.writeFailed(action, cause);
    }

    @Nullable
    SparseIndex loadedIndex() {
        return index;
    }

    void setIndex(SparseIndex loaded) {
        index = loaded;
    }

    void dropIndex(SparseIndex dropped) {
        if (index == dropped) {
            index = null;
        }
    }

    /**
     * The index, loaded from its file or built anew. Null when retired meanwhile.
     *
     * @param active the log's last segment, whose index stays in memory
     */
    @Nullable
    SparseIndex index(OpenFile file, boolean active, int intervalBytes) {
        SparseIndex loaded = index;
        if (loaded != null) {
            return loaded;
        }
        synchronized (this) {
            loaded = index;
            if (loaded != null) {
                return loaded;
            }
            loaded = IndexLoader.load(this, file, intervalBytes);
            if (retired) {
                return null;
            }
            index = loaded;
        }
        if (!active) {
            paths.context().indexes().admit(this, loaded);
        }
        return loaded;
    }

    @Override
    public String toString() {
        return "segment " + baseOffset + " of " + paths.partition();
    }
}
