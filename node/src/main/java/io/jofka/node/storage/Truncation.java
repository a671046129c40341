package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Disk;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/**
 * Cuts a log at an offset, or starts it anew at one. Durable on return. Before the first byte goes, a durable note
 * lowers what recovery may hold for known to be forced; files then go from the newest to the oldest, so that a crash at
 * any moment leaves a log without a hole. Holds the force lock and the body's monitor.
 */
final class Truncation {
    private final LogBody body;
    private final Disk disk;

    Truncation(LogBody body) {
        this.body = body;
        this.disk = body.context.disk();
    }

    /** Everything at and above the offset goes, and with it any damage there; batches are not split. */
    void truncateTo(long offset) {
        synchronized (body.forceLock) {
            synchronized (body) {
                body.requireWritable();
                if (offset >= body.endOffset() && body.damagedAt < 0) {
                    return;
                }
                if (offset < body.segments[0].baseOffset()) {
                    restart(offset);
                    return;
                }
                try {
                    cut(Math.min(offset, body.endOffset()));
                } catch (IOException failure) {
                    throw body.paths.writeFailed("truncation", failure);
                }
            }
        }
    }

    /** Everything goes; the log is empty at the offset. */
    void restartAt(long offset) {
        synchronized (body.forceLock) {
            synchronized (body) {
                body.requireWritable();
                restart(offset);
            }
        }
    }

    @GuardedBy("body")
    private void restart(long offset) {
        Notes.write(body.paths, LogPaths.START, offset);
        noteCut(offset);
        try {
            Segment[] old = body.segments;
            Segment fresh =
                    Segment.empty(body.paths, offset, body.context.clock().wallMs());
            for (Segment segment : old) {
                segment.retire();
            }
            body.segments = new Segment[] {fresh};
            body.startOffset = offset;
            body.epochs = EpochTable.EMPTY;
            settle(offset, fresh, 0);
            for (int i = old.length - 1; i >= 0; i--) {
                body.removeFiles(old[i]);
            }
            removeUnknown(-1);
            body.forceDirectory();
            body.forced = LogBody.Forced.before(offset, offset);
        } catch (IOException failure) {
            throw body.paths.writeFailed("truncation", failure);
        }
    }

    @GuardedBy("body")
    private void cut(long offset) throws IOException {
        Segment[] all = body.segments;
        int at = LogBody.floor(all, offset);
        Segment last = all[at];
        OpenFile file = last.exists
                ? Objects.requireNonNull(body.context.files().acquire(last), "not retired under the force lock")
                : null;
        try {
            SparseIndex index = Objects.requireNonNull(
                    file == null ? last.loadedIndex() : last.index(file, true, body.config.indexIntervalBytes()),
                    "not retired under the force lock");
            Extent extent = file == null ? last.extent() : extentAt(last, file, index, offset);
            long end = extent.endOffset();
            if (end < body.startOffset) {
                Notes.write(body.paths, LogPaths.START, end);
            }
            noteCut(end);

            Segment shorter = new Segment(body.paths, last.baseOffset(), extent, last.createdMs());
            shorter.setIndex(index.until(extent.sizeBytes()));
            shorter.exists = last.exists;
            shorter.firstTimestampMs = extent.sizeBytes() == 0 ? -1 : last.firstTimestampMs;
            for (int i = at; i < all.length; i++) {
                all[i].retire();
            }
            Segment[] fewer = Arrays.copyOf(all, at + 1);
            fewer[at] = shorter;
            body.segments = fewer;
            body.epochs = body.epochs.before(end);
            settle(end, shorter, extent.sizeBytes());

            for (int i = all.length - 1; i > at; i--) {
                body.removeFiles(all[i]);
                body.forceDirectory();
            }
            removeUnknown(last.baseOffset());
            disk.deleteIfExists(body.paths.index(last.baseOffset()));
            body.forceDirectory();
            if (file != null) {
                file.file().truncate(extent.sizeBytes());
                file.file().force();
            }
        } finally {
            if (file != null) {
                file.release();
            }
            body.context.files().forget(last, false);
        }
    }

    /** The note holds the lowest of all cuts since the checkpoint. */
    @GuardedBy("body")
    private void noteCut(long end) {
        long lowest = Math.min(end, body.cutNoted);
        Notes.write(body.paths, LogPaths.TRUNCATED, lowest);
        body.cutNoted = lowest;
        body.cuts++;
    }

    /** What is left of the segment when all batches that reach the offset are gone. */
    private static Extent extentAt(Segment segment, OpenFile file, SparseIndex index, long offset) {
        Extent extent = segment.extent();
        if (offset >= extent.endOffset()) {
            return extent;
        }
        int entry = index.floorOffset(offset - segment.baseOffset());
        int from = entry < 0 ? 0 : index.position(entry);
        long maxTimestamp = entry < 0 ? -1 : index.maxTimestampBefore(entry);
        try (BatchWalk walk = BatchWalk.lookUp(segment, file, from, extent.sizeBytes())) {
            while (walk.next()) {
                if (walk.lastOffset() >= offset) {
                    return new Extent(walk.position(), Math.min(offset, walk.baseOffset()), maxTimestamp);
                }
                maxTimestamp = Math.max(maxTimestamp, walk.maxTimestampMs());
            }
        }
        return new Extent(extent.sizeBytes(), offset, extent.maxTimestampMs());
    }

    @GuardedBy("body")
    private void settle(long end, Segment active, int position) throws IOException {
        if (body.forced.offset() > end) {
            body.forced = LogBody.Forced.all(active.baseOffset(), active.extent());
        }
        active.forcedBytes = Math.min(active.forcedBytes, position);
        body.startOffset = Math.min(body.startOffset, end);
        body.cleanedTo = Math.min(body.cleanedTo, active.baseOffset());
        body.damagedAt = -1;
        body.forcedBeforeDamage = -1;
        body.directoryChanged = true;
        body.aborted.truncateTo(end);
        body.snapshots.truncateTo(end);
        body.markChanged();
    }

    /** Files above the last segment that damage kept out of the list of segments, newest first. */
    private void removeUnknown(long lastBase) throws IOException {
        var bases = disk.list(body.paths.directory()).stream()
                .mapToLong(name ->
                        Math.max(LogPaths.offsetOf(name, LogPaths.LOG), LogPaths.offsetOf(name, LogPaths.INDEX)))
                .filter(base -> base > lastBase)
                .distinct()
                .boxed()
                .sorted(Comparator.reverseOrder())
                .toList();
        for (long base : bases) {
            disk.deleteIfExists(body.paths.index(base));
            disk.deleteIfExists(body.paths.log(base));
            body.forceDirectory();
        }
    }
}
