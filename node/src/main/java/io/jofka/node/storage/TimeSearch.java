package io.jofka.node.storage;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks for records by timestamp: the index finds the place, headers the batch, and only that batch is decoded. */
final class TimeSearch {
    private final LogBody body;
    private final long startOffset;
    private final long endOffset;

    TimeSearch(LogBody body, long endOffset) {
        this.body = body;
        this.startOffset = body.startOffset;
        this.endOffset = endOffset;
    }

    /** The first record with a timestamp of at least this. */
    Optional<TimestampedOffset> first(long timestampMs) {
        for (Segment segment : body.segments) {
            Extent extent = segment.extent();
            if (segment.baseOffset() >= endOffset) {
                break;
            }
            if (extent.maxTimestampMs() >= timestampMs && extent.endOffset() > startOffset) {
                TimestampedOffset found = in(segment, extent, timestampMs);
                if (found != null) {
                    return found.offset() < endOffset ? Optional.of(found) : Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** The record with the largest timestamp, the first of equals. */
    Optional<TimestampedOffset> largest() {
        long largest = -1;
        for (Segment segment : body.segments) {
            Extent extent = segment.extent();
            if (segment.baseOffset() < endOffset && extent.endOffset() > startOffset && extent.sizeBytes() > 0) {
                largest = Math.max(largest, largestIn(segment, extent, largest));
            }
        }
        return largest < 0 ? Optional.empty() : first(largest);
    }

    /** The segment's largest timestamp within the bounds; its extent tells it only when all of it is inside. */
    private long largestIn(Segment segment, Extent extent, long least) {
        if (extent.maxTimestampMs() <= least) {
            return least;
        }
        OpenFile file = open(segment);
        long largest = -1;
        try {
            SparseIndex index = index(segment, file);
            int from = 0;
            if (segment.baseOffset() >= startOffset) {
                // all before the last entry below the end is counted by that entry
                int entry = index.floorOffset(endOffset - 1 - segment.baseOffset());
                from = entry < 0 ? 0 : index.position(entry);
                largest = entry < 0 ? -1 : index.maxTimestampBefore(entry);
            }
            try (BatchWalk walk = BatchWalk.lookUp(segment, file, from, extent.sizeBytes())) {
                while (walk.next() && walk.baseOffset() < endOffset) {
                    if (walk.lastOffset() >= startOffset && walk.maxTimestampMs() > largest) {
                        largest = largestOf(walk, largest);
                    }
                }
            }
            return largest;
        } finally {
            file.release();
        }
    }

    private long largestOf(BatchWalk walk, long least) {
        if (walk.baseOffset() >= startOffset && walk.lastOffset() < endOffset) {
            return walk.maxTimestampMs();
        }
        long largest = least;
        for (LogRecord record : BatchReader.of(walk.load(), 0, body.context.inflation())) {
            if (record.offset() >= startOffset && record.offset() < endOffset) {
                largest = Math.max(largest, record.timestampMs());
            }
        }
        return largest;
    }

    private @Nullable TimestampedOffset in(Segment segment, Extent extent, long timestampMs) {
        OpenFile file = open(segment);
        try {
            SparseIndex index = index(segment, file);
            int entry = index.floorTimestamp(timestampMs);
            if (segment.baseOffset() < startOffset) {
                entry = Math.max(entry, index.floorOffset(startOffset - segment.baseOffset()));
            }
            int from = entry < 0 ? 0 : index.position(entry);
            try (BatchWalk walk = BatchWalk.lookUp(segment, file, from, extent.sizeBytes())) {
                while (walk.next() && walk.baseOffset() < endOffset) {
                    if (walk.maxTimestampMs() >= timestampMs && walk.lastOffset() >= startOffset) {
                        TimestampedOffset found = inBatch(walk.load(), walk.leaderEpoch(), timestampMs);
                        if (found != null) {
                            return found;
                        }
                    }
                }
            }
            return null;
        } finally {
            file.release();
        }
    }

    private @Nullable TimestampedOffset inBatch(ByteBuffer batch, int epoch, long timestampMs) {
        try {
            for (LogRecord record : BatchReader.of(batch, 0, body.context.inflation())) {
                if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                    return new TimestampedOffset(record.offset(), record.timestampMs(), epoch);
                }
            }
            return null;
        } catch (BadBatch damage) {
            throw DirectoryHealth.damaged("A batch of " + body.paths.partition() + ": " + damage.detail());
        }
    }

    private SparseIndex index(Segment segment, OpenFile file) {
        SparseIndex index = segment.index(file, segment == body.active(), body.config.indexIntervalBytes());
        if (index == null) {
            throw new RetiredSegment();
        }
        return index;
    }

    private OpenFile open(Segment segment) {
        OpenFile file = body.context.files().acquire(segment);
        if (file == null) {
            throw new RetiredSegment();
        }
        return file;
    }
}
