package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;

/**
 * Deletes the oldest segments, by Kafka's rules: those wholly below the start offset always; with cleanup policy
 * delete also those whose newest record is too old, and those by which the log is too large. Never a segment with
 * records at or above the high watermark. When all of them are due, the active one is rolled first.
 *
 * <p>The new start is durable before the first file goes, so a crash leaves no hole: recovery drops what lies below.
 */
final class Retention {
    private final LogBody body;
    private final LogConfig config;

    Retention(LogBody body) {
        this.body = body;
        this.config = body.config;
    }

    long apply(long nowMs, long highWatermark) {
        synchronized (body.forceLock) {
            synchronized (body) {
                body.requireWritable();
                if (body.damagedAt >= 0) {
                    return 0;
                }
                int due = due(nowMs, highWatermark);
                return due == 0 ? 0 : delete(due);
            }
        }
    }

    private int due(long nowMs, long highWatermark) {
        Segment[] all = body.segments;
        long excess = total(all) - config.retentionBytes();
        int due = 0;
        while (due < all.length) {
            Segment segment = all[due];
            Extent extent = segment.extent();
            boolean last = due == all.length - 1;
            if (extent.sizeBytes() == 0 || extent.endOffset() > highWatermark) {
                break;
            }
            boolean below = !last && extent.endOffset() <= body.startOffset;
            long newest = extent.maxTimestampMs() >= 0 ? extent.maxTimestampMs() : segment.createdMs();
            boolean old = config.delete() && config.retentionMs() >= 0 && nowMs - newest > config.retentionMs();
            boolean large = config.delete() && config.retentionBytes() >= 0 && excess >= extent.sizeBytes();
            if (!below && !old && !large) {
                break;
            }
            excess -= extent.sizeBytes();
            due++;
        }
        return due;
    }

    private static long total(Segment[] all) {
        long sum = 0;
        for (Segment segment : all) {
            sum += segment.sizeBytes();
        }
        return sum;
    }

    @GuardedBy("body")
    private long delete(int due) {
        Segment[] all = body.segments;
        if (due == all.length) {
            // the new active segment has no file until something is appended, so its base must be noted
            Segment fresh = Segment.empty(
                    body.paths, body.endOffset(), body.context.clock().wallMs());
            Rolling.roll(body, fresh);
            all = body.segments;
        }
        long start = all[due].baseOffset();
        Notes.write(body.paths, LogPaths.START, Math.max(start, body.startOffset));
        Segment[] kept = Arrays.copyOfRange(all, due, all.length);
        body.segments = kept;
        if (start > body.startOffset) {
            body.startOffset = start;
            body.epochs = body.epochs.from(start);
        }
        if (body.forced.offset() < start) {
            body.forced = LogBody.Forced.before(start, kept[0].baseOffset());
        }
        body.markChanged();
        long freed = 0;
        for (int i = 0; i < due; i++) {
            all[i].retire();
            freed += all[i].sizeBytes();
        }
        for (int i = 0; i < due; i++) {
            body.removeFiles(all[i]);
        }
        dropAborted();
        return freed;
    }

    private void dropAborted() {
        try {
            body.aborted.dropBelow(body.startOffset);
        } catch (java.io.IOException failure) {
            var _ = body.paths.writeFailed("the aborted-transaction index", failure);
        }
    }
}
