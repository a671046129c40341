package io.jofka.node.storage;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Snapshots.Stored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the checkpoint holds of one log: enough to open it without reading anything else, if it was closed cleanly, and
 * to know from where to look after a crash.
 *
 * @param clean closed after its last change; believed only together with the directory's mark of a clean stop
 * @param damagedAt first offset that damage took, or -1
 */
record LogState(
        TopicPartition partition,
        boolean clean,
        long startOffset,
        long endOffset,
        LogBody.Forced forced,
        long cleanedTo,
        long damagedAt,
        boolean aborted,
        List<SegmentState> segments,
        EpochTable epochs,
        List<Stored> snapshots) {
    /** One segment; it ends where the next begins, the last one at the log's end. */
    record SegmentState(long baseOffset, int sizeBytes, long maxTimestampMs) {}

    private static final int FIXED_BYTES = 16 + 4 + 1 + 1 + 8 + 8 + 8 + 8 + 4 + 8 + 8 + 8 + 4 + 1;
    private static final int SEGMENT_BYTES = 20;

    static LogState of(LogBody body, boolean clean) {
        synchronized (body) {
            List<SegmentState> segments = new ArrayList<>(body.segments.length);
            for (Segment segment : body.segments) {
                Extent extent = segment.extent();
                segments.add(new SegmentState(segment.baseOffset(), extent.sizeBytes(), extent.maxTimestampMs()));
            }
            // damage must be found again, and not be taken for a torn end, until it is repaired
            LogBody.Forced forced = body.damagedAt >= 0 && body.forcedBeforeDamage > body.forced.offset()
                    ? LogBody.Forced.before(body.forcedBeforeDamage, body.forced.segmentBase())
                    : body.forced;
            return new LogState(
                    body.paths.partition(),
                    clean,
                    body.startOffset,
                    body.endOffset(),
                    forced,
                    body.cleanedTo,
                    body.damagedAt,
                    body.aborted.isOnDisk(),
                    segments,
                    body.epochs,
                    body.snapshots.stored());
        }
    }

    /** The same, to be checked when the log is opened. */
    LogState uncertain() {
        return clean
                ? new LogState(
                        partition,
                        false,
                        startOffset,
                        endOffset,
                        forced,
                        cleanedTo,
                        damagedAt,
                        aborted,
                        segments,
                        epochs,
                        snapshots)
                : this;
    }

    @Nullable
    SegmentState segment(long baseOffset) {
        int low = 0;
        int high = segments.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SegmentState at = segments.get(middle);
            if (at.baseOffset == baseOffset) {
                return at;
            }
            if (at.baseOffset < baseOffset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    int sizeBytes() {
        int size = FIXED_BYTES + segments.size() * SEGMENT_BYTES + epochs.sizeBytes();
        for (Stored snapshot : snapshots) {
            byte[] inline = snapshot.inline();
            size += 12 + (inline == null ? 0 : inline.length);
        }
        return size;
    }

    void write(ByteBuffer out) {
        out.putLong(partition.topicId().getMostSignificantBits())
                .putLong(partition.topicId().getLeastSignificantBits())
                .putInt(partition.partition());
        out.put((byte) (clean ? 1 : 0)).put((byte) (aborted ? 1 : 0));
        out.putLong(startOffset).putLong(endOffset);
        out.putLong(forced.offset())
                .putLong(forced.segmentBase())
                .putInt(forced.position())
                .putLong(forced.maxTimestampMs());
        out.putLong(cleanedTo).putLong(damagedAt);
        out.putInt(segments.size());
        for (SegmentState segment : segments) {
            out.putLong(segment.baseOffset).putInt(segment.sizeBytes).putLong(segment.maxTimestampMs);
        }
        epochs.write(out);
        out.put((byte) snapshots.size());
        for (Stored snapshot : snapshots) {
            byte[] inline = snapshot.inline();
            out.putLong(snapshot.offset()).putInt(inline == null ? -1 : inline.length);
            if (inline != null) {
                out.put(inline);
            }
        }
    }

    static LogState read(ByteBuffer in) {
        TopicPartition partition = new TopicPartition(new UUID(in.getLong(), in.getLong()), in.getInt());
        boolean clean = in.get() != 0;
        boolean aborted = in.get() != 0;
        long start = in.getLong();
        long end = in.getLong();
        LogBody.Forced forced = new LogBody.Forced(in.getLong(), in.getLong(), in.getInt(), in.getLong());
        long cleanedTo = in.getLong();
        long damagedAt = in.getLong();
        int count = in.getInt();
        List<SegmentState> segments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            segments.add(new SegmentState(in.getLong(), in.getInt(), in.getLong()));
        }
        EpochTable epochs = EpochTable.read(in);
        int snapshotCount = in.get();
        List<Stored> snapshots = new ArrayList<>(snapshotCount);
        for (int i = 0; i < snapshotCount; i++) {
            long offset = in.getLong();
            int length = in.getInt();
            byte[] inline = length < 0 ? null : new byte[length];
            if (inline != null) {
                in.get(inline);
            }
            snapshots.add(new Stored(offset, inline));
        }
        return new LogState(
                partition, clean, start, end, forced, cleanedTo, damagedAt, aborted, segments, epochs, snapshots);
    }
}
