package io.jofka.node.storage;

import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass of compaction: when enough of the log is dirty, or some of it has waited too long, keeps the last record of
 * each key in the closed segments. Runs beside appends and reads; only the swap of finished files takes the log's locks.
 * Runs of segments that became small are joined. A crash at any moment leaves the old segments or the new one.
 */
final class Compaction {
    /** Heap that a remembered producer takes, roughly. */
    private static final int PRODUCER_BYTES = 128;

    private final LogBody body;
    private final LogConfig config;
    private long mapEnd;

    Compaction(LogBody body) {
        this.body = body;
        this.config = body.config;
    }

    long run(long nowMs, long highWatermark) {
        body.requireWritable();
        if (!config.compact() || body.damagedAt >= 0) {
            return 0;
        }
        Segment[] all = body.segments;
        long dirtyFrom = Math.max(body.cleanedTo, all[0].baseOffset());
        int end = cleanable(all, nowMs, highWatermark);
        if (end == 0 || !due(all, end, dirtyFrom, nowMs)) {
            return 0;
        }
        try {
            return clean(Arrays.copyOf(all, end), dirtyFrom, nowMs);
        } catch (RetiredSegment changed) {
            // truncated or deleted meanwhile: what there is to do then shows at the next call
            return 0;
        } catch (IOException failure) {
            throw body.paths.writeFailed("compaction", failure);
        }
    }

    /** How many of the oldest segments may be compacted: closed, below the high watermark, old enough. */
    private int cleanable(Segment[] all, long nowMs, long highWatermark) {
        int end = 0;
        while (end < all.length - 1) {
            Extent extent = all[end].extent();
            boolean young =
                    config.minCompactionLagMs() > 0 && extent.maxTimestampMs() > nowMs - config.minCompactionLagMs();
            if (extent.endOffset() > highWatermark || young) {
                break;
            }
            end++;
        }
        return end;
    }

    private boolean due(Segment[] all, int end, long dirtyFrom, long nowMs) {
        long clean = 0;
        long dirty = 0;
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < end; i++) {
            Segment segment = all[i];
            if (segment.endOffset() <= dirtyFrom) {
                clean += segment.sizeBytes();
            } else {
                dirty += segment.sizeBytes();
                oldest = Math.min(oldest, firstTimestamp(segment));
            }
        }
        boolean waited = dirty > 0 && oldest >= 0 && nowMs - oldest > config.maxCompactionLagMs();
        return dirty > 0 && (waited || dirty > config.minCleanableDirtyRatio() * (clean + dirty));
    }

    private long firstTimestamp(Segment segment) {
        if (segment.sizeBytes() == 0 || config.maxCompactionLagMs() == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        OpenFile file = open(segment);
        try (BatchWalk walk = BatchWalk.lookUp(segment, file, 0, segment.sizeBytes())) {
            return walk.next() ? walk.maxTimestampMs() : Long.MAX_VALUE;
        } finally {
            file.release();
        }
    }

    private OpenFile open(Segment segment) {
        OpenFile file = body.context.files().acquire(segment);
        if (file == null) {
            throw new RetiredSegment();
        }
        return file;
    }

    private long clean(Segment[] segments, long dirtyFrom, long nowMs) throws IOException {
        Map<Long, Long> newest = newestBatches(body.context.config().compactionMapBytes() / PRODUCER_BYTES);
        long dirtyRecords = survey(body.segments, dirtyFrom, nowMs, newest);
        OffsetMap latest = new OffsetMap(dirtyRecords, body.context.config().compactionMapBytes());
        mapEnd = segments[segments.length - 1].endOffset();
        fill(latest, segments, dirtyFrom, new BatchCleaner(body, latest, mapEnd, nowMs, newest));
        if (mapEnd <= dirtyFrom) {
            return 0;
        }
        BatchCleaner cleaner = new BatchCleaner(body, latest, mapEnd, nowMs, newest);
        long freed = 0;
        for (List<Segment> run : runs(segments)) {
            freed += cleanRun(run, cleaner);
        }
        synchronized (body) {
            body.cleanedTo = Math.max(body.cleanedTo, Math.min(mapEnd, body.endOffset()));
            body.markChanged();
        }
        body.context.metrics().compactions.increment();
        body.context.metrics().compactedBytesFreed.add(freed);
        return freed;
    }

    /**
     * Producer id to offset of its newest batch, for so many producers at most. Beyond it those go that wrote longest ago,
     * as they do from the leader's memory: they may go on with any sequence.
     */
    private static Map<Long, Long> newestBatches(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** Headers of the whole log: the newest batch of each live producer, and how many records are dirty. */
    private long survey(Segment[] all, long dirtyFrom, long nowMs, Map<Long, Long> newest) {
        long records = 0;
        for (Segment segment : all) {
            if (segment.sizeBytes() == 0) {
                continue;
            }
            OpenFile file = open(segment);
            try (BatchWalk walk = BatchWalk.scan(segment, file, 0, segment.sizeBytes())) {
                while (walk.next()) {
                    if (walk.producerId() >= 0 && walk.maxTimestampMs() > nowMs - config.producerExpiryMs()) {
                        newest.put(walk.producerId(), walk.baseOffset());
                    }
                    if (walk.lastOffset() >= dirtyFrom) {
                        records += walk.header().recordCount();
                    }
                }
            } finally {
                file.release();
            }
        }
        return records;
    }

    /** Notes the last offset of each key from {@code dirtyFrom} on, until the map is full: there the pass ends. */
    private void fill(OffsetMap latest, Segment[] segments, long dirtyFrom, BatchCleaner cleaner) {
        for (Segment segment : segments) {
            if (segment.endOffset() <= dirtyFrom || segment.sizeBytes() == 0) {
                continue;
            }
            OpenFile file = open(segment);
            try (BatchWalk walk = BatchWalk.scan(segment, file, 0, segment.sizeBytes())) {
                while (walk.next()) {
                    if (walk.lastOffset() < dirtyFrom || walk.isControl()) {
                        continue;
                    }
                    BatchHeader header = walk.header();
                    if (header.recordCount() > latest.room()) {
                        mapEnd = header.baseOffset();
                        return;
                    }
                    if (!cleaner.isAborted(header)) {
                        note(latest, walk.load());
                    }
                }
            } finally {
                file.release();
            }
        }
    }

    private void note(OffsetMap latest, ByteBuffer batch) {
        for (LogRecord record : BatchReader.of(batch, 0, body.context.inflation())) {
            ByteBuffer key = record.key();
            if (key != null) {
                latest.put(key, record.offset());
            }
        }
    }

    /** Neighbours that fit into one segment together, as far as the map knows the keys. */
    private List<List<Segment>> runs(Segment[] segments) {
        List<List<Segment>> runs = new ArrayList<>();
        List<Segment> run = new ArrayList<>();
        long size = 0;
        for (Segment segment : segments) {
            if (segment.baseOffset() >= mapEnd) {
                break;
            }
            boolean fits = size + segment.sizeBytes() <= Math.min(config.segmentBytes(), Integer.MAX_VALUE)
                    && (run.isEmpty() || segment.endOffset() - run.getFirst().baseOffset() <= Integer.MAX_VALUE);
            if (!fits && !run.isEmpty()) {
                runs.add(run);
                run = new ArrayList<>();
                size = 0;
            }
            run.add(segment);
            size += segment.sizeBytes();
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    private long cleanRun(List<Segment> run, BatchCleaner cleaner) throws IOException {
        long base = run.getFirst().baseOffset();
        boolean changed = run.size() > 1;
        long before = 0;
        CleanedSegment cleaned = new CleanedSegment(body.paths, base, config.indexIntervalBytes());
        boolean swapped = false;
        try (cleaned) {
            for (Segment segment : run) {
                before += segment.sizeBytes();
                changed |= copy(segment, cleaned, cleaner);
            }
            if (changed) {
                cleaned.finish();
                swapped = swap(run, cleaned);
            }
        } finally {
            if (!swapped && body.context.health().failure().isEmpty()) {
                body.context.disk().deleteIfExists(body.paths.file(LogPaths.name(base, LogPaths.CLEANED)));
            }
        }
        return swapped ? before - cleaned.sizeBytes() : 0;
    }

    /** True when something was left out or rewritten. */
    private boolean copy(Segment segment, CleanedSegment cleaned, BatchCleaner cleaner) throws IOException {
        if (segment.sizeBytes() == 0) {
            return false;
        }
        boolean changed = false;
        OpenFile file = open(segment);
        try (BatchWalk walk = BatchWalk.scan(segment, file, 0, segment.sizeBytes())) {
            while (walk.next()) {
                ByteBuffer batch = walk.load();
                if (!BatchFields.crcMatches(batch, batch.position())) {
                    // a batch that is written anew would get a CRC that makes the damage good
                    throw DirectoryHealth.damaged(
                            "The CRC of the batch at offset " + walk.baseOffset() + " of " + segment + " is wrong");
                }
                ByteBuffer kept = cleaner.clean(batch, walk.header());
                changed |= isOther(kept, batch);
                if (kept != null) {
                    cleaned.add(kept);
                }
            }
        } finally {
            file.release();
        }
        return changed;
    }

    /** False when the log was changed so that the run is not there any more. */
    private boolean swap(List<Segment> run, CleanedSegment cleaned) throws IOException {
        synchronized (body.forceLock) {
            synchronized (body) {
                body.requireWritable();
                Segment[] all = body.segments;
                int at = indexOf(all, run);
                if (at < 0) {
                    return false;
                }
                long base = run.getFirst().baseOffset();
                long end = run.getLast().endOffset();
                String swap = SwapRecovery.swapName(base, end);
                List<String> old = new ArrayList<>();
                for (Segment segment : run) {
                    old.add(LogPaths.name(segment.baseOffset(), LogPaths.LOG));
                    old.add(LogPaths.name(segment.baseOffset(), LogPaths.INDEX));
                }
                Extent extent = new Extent(cleaned.sizeBytes(), end, cleaned.maxTimestampMs());
                body.context
                        .disk()
                        .rename(body.paths.file(LogPaths.name(base, LogPaths.CLEANED)), body.paths.file(swap));
                body.forceDirectory();
                // readers that come now wait for the lock: the paths are about to change their meaning
                run.forEach(Segment::retire);
                run.forEach(segment -> body.context.files().forget(segment, true));
                EpochTable epochs = body.epochs.between(base, end);
                Seal seal = new Seal(base, end, extent.sizeBytes(), extent.maxTimestampMs(), epochs, cleaned.index());
                SwapRecovery.replace(body.paths, swap, seal, old);
                publish(all, at, run.size(), extent, base, cleaned.index());
                return true;
            }
        }
    }

    private void publish(Segment[] all, int at, int count, Extent extent, long base, SparseIndex index) {
        Segment fresh = new Segment(body.paths, base, extent, all[at].createdMs());
        fresh.exists = true;
        fresh.setIndex(index);
        Segment[] fewer = new Segment[all.length - count + 1];
        System.arraycopy(all, 0, fewer, 0, at);
        fewer[at] = fresh;
        System.arraycopy(all, at + count, fewer, at + 1, all.length - at - count);
        body.segments = fewer;
        if (body.forced.offset() >= base && body.forced.offset() < extent.endOffset()) {
            body.forced = LogBody.Forced.before(body.forced.offset(), base);
        }
        body.context.indexes().admit(fresh, index);
        body.markChanged();
    }

    private static int indexOf(Segment[] all, List<Segment> run) {
        int at = Arrays.asList(all).indexOf(run.getFirst());
        boolean whole = at >= 0
                && at + run.size() < all.length
                && Arrays.asList(all).subList(at, at + run.size()).equals(run);
        return whole ? at : -1;
    }

    /** Identity is meant: the cleaner hands back the very buffer when it keeps all of it. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOther(@Nullable Object kept, Object batch) {
        return kept != batch;
    }
}
