package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;

/**
 * The state of one log that its parts work on.
 *
 * <p>Locks, in this order: {@link #forceLock} (one force at a time; also held by all that retire segments), the body's
 * monitor (appends, and any change of the list of segments). Readers take none: they read the volatile fields, and
 * start again when a segment turns out to be retired.
 */
final class LogBody {
    /**
     * Up to where the log is durable, and where that is.
     *
     * @param maxTimestampMs the largest timestamp in the segment below the position; recovery goes on from there
     */
    record Forced(long offset, long segmentBase, int position, long maxTimestampMs) {
        /** All of a log whose last segment is this. */
        static Forced all(long segmentBase, Extent extent) {
            return new Forced(extent.endOffset(), segmentBase, extent.sizeBytes(), extent.maxTimestampMs());
        }

        /** From the start of a segment on, nothing is. */
        static Forced before(long offset, long segmentBase) {
            return new Forced(offset, segmentBase, 0, -1);
        }
    }

    final LogPaths paths;
    final LogContext context;
    final Object forceLock = new Object();
    final AbortedIndex aborted;
    final Snapshots snapshots;
    volatile LogConfig config;

    /** Never empty, rising, the last one active; the array is never changed. */
    volatile Segment[] segments;

    volatile long startOffset;
    volatile EpochTable epochs;
    volatile Forced forced;

    /** First offset that damage took, or -1; nothing may be appended then. */
    volatile long damagedAt = -1;

    /** While there is damage: what was known to be forced when it was found, for the next start to know; else -1. */
    volatile long forcedBeforeDamage = -1;

    /** When the oldest unforced byte was appended, in nanoseconds of the clock; 0 when all is forced. */
    volatile long unforcedSinceNanos;

    /** Offset below which compaction has been; 0 when never. */
    volatile long cleanedTo;

    /** To where a durable note says that the log was cut, until the next checkpoint; the largest long without a note. */
    volatile long cutNoted = Long.MAX_VALUE;

    /** How often the log was cut; tells whether the note is older than a checkpoint. */
    @GuardedBy("this")
    int cuts;

    /** Whether the state differs from the last checkpoint. */
    volatile boolean changed = true;

    volatile boolean closed;
    volatile boolean deleted;

    /** Whether entries of the log's directory, or the directory itself, are not durable yet. */
    @GuardedBy("this")
    boolean directoryChanged;

    @GuardedBy("this")
    boolean rootChanged;

    LogBody(LogPaths paths, LogConfig config, Segment[] segments, long startOffset, EpochTable epochs, Forced forced) {
        this.paths = paths;
        this.context = paths.context();
        this.config = config;
        this.segments = segments;
        this.startOffset = startOffset;
        this.epochs = epochs;
        this.forced = forced;
        this.aborted = new AbortedIndex(paths);
        this.snapshots = new Snapshots(paths);
    }

    Segment active() {
        Segment[] all = segments;
        return all[all.length - 1];
    }

    long endOffset() {
        return active().endOffset();
    }

    /** Before any change of the log. */
    void requireWritable() {
        if (closed) {
            throw new IllegalStateException("log " + paths.partition() + " is closed");
        }
        context.health().requireOnline();
    }

    void requireUndamaged() {
        if (damagedAt >= 0) {
            throw DirectoryHealth.damaged("log " + paths.partition() + " is damaged from offset " + damagedAt
                    + " on and takes no records until it is truncated there");
        }
    }

    synchronized int cutCount() {
        return cuts;
    }

    void markChanged() {
        if (!changed) {
            changed = true;
        }
    }

    /** Index in {@code all} of the segment that holds the offset; the first one for offsets below it. */
    static int floor(Segment[] all, long offset) {
        int low = 1;
        int high = all.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Removes the files of a retired segment; crash-safe in any order only below the start offset. */
    void removeFiles(Segment segment) {
        context.files().forget(segment, true);
        try {
            context.disk().deleteIfExists(paths.index(segment.baseOffset()));
            context.disk().deleteIfExists(segment.path());
        } catch (IOException failure) {
            throw paths.writeFailed("deletion of a segment", failure);
        }
        context.metrics().segmentsDeleted.increment();
    }

    void forceDirectory() {
        try {
            context.disk().forceDirectory(paths.directory());
        } catch (IOException failure) {
            throw context.health().broken("force of the directory of " + paths.partition(), failure);
        }
    }
}
