package io.jofka.node.storage;

import io.jofka.api.batch.BatchHeader;
import io.jofka.node.common.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A log in segment files of a {@link LogDirectory}. What it is made of is in {@link LogBody}; locks are explained there. */
final class SegmentLog implements Log {
    /** Retiring is rare; a reader that meets it this often meets a change that failed half way. */
    private static final int MOST_ATTEMPTS = 1_000;

    private final LogBody body;
    private final RecoveryReport recovery;
    private volatile SliceFinder.@Nullable Hint hint;

    /** Group commit of this log; of the force pool. */
    final ForcePool.Ticket ticket = new ForcePool.Ticket(this);

    SegmentLog(LogBody body, RecoveryReport recovery) {
        this.body = body;
        this.recovery = recovery;
    }

    /** A log that was closed cleanly: nothing is read. */
    static SegmentLog fromState(LogPaths paths, LogConfig config, LogState state) {
        long now = paths.context().clock().wallMs();
        List<LogState.SegmentState> remembered = state.segments();
        Segment[] segments = new Segment[remembered.size()];
        for (int i = 0; i < segments.length; i++) {
            LogState.SegmentState at = remembered.get(i);
            long end = i + 1 < segments.length ? remembered.get(i + 1).baseOffset() : state.endOffset();
            Extent extent = new Extent(at.sizeBytes(), end, at.maxTimestampMs());
            segments[i] = at.sizeBytes() == 0 && end == at.baseOffset()
                    ? Segment.empty(paths, end, now)
                    : new Segment(paths, at.baseOffset(), extent, now);
        }
        LogBody.Forced forced = state.forced().offset() > state.endOffset()
                ? LogBody.Forced.before(state.endOffset(), state.forced().segmentBase())
                : state.forced();
        LogBody body = new LogBody(paths, config, segments, state.startOffset(), state.epochs(), forced);
        body.damagedAt = state.damagedAt();
        body.forcedBeforeDamage = state.damagedAt() >= 0 ? state.forced().offset() : -1;
        body.cleanedTo = state.cleanedTo();
        if (state.aborted()) {
            body.aborted.mayBeOnDisk();
        }
        body.snapshots.found(state.snapshots());
        String detail = state.damagedAt() >= 0 ? "damaged before the last stop" : "";
        return new SegmentLog(body, new RecoveryReport(state.damagedAt() < 0, 0, state.damagedAt(), 0, detail));
    }

    /** A new log without records; its directory exists. */
    static SegmentLog create(LogPaths paths, LogConfig config) {
        Segment[] segments = {Segment.empty(paths, 0, paths.context().clock().wallMs())};
        LogBody body = new LogBody(paths, config, segments, 0, EpochTable.EMPTY, LogBody.Forced.before(0, 0));
        synchronized (body) {
            body.rootChanged = true;
        }
        return new SegmentLog(body, new RecoveryReport(true, 0, -1, 0, ""));
    }

    LogBody body() {
        return body;
    }

    TopicPartition partition() {
        return body.paths.partition();
    }

    @Override
    public long logStartOffset() {
        return body.startOffset;
    }

    @Override
    public long logEndOffset() {
        return body.endOffset();
    }

    @Override
    public long forcedOffset() {
        return body.forced.offset();
    }

    @Override
    public long sizeBytes() {
        long sum = 0;
        for (Segment segment : body.segments) {
            sum += segment.sizeBytes();
        }
        return sum;
    }

    @Override
    public List<SegmentInfo> segments() {
        Segment[] all = body.segments;
        List<SegmentInfo> infos = new ArrayList<>(all.length);
        for (int i = 0; i < all.length; i++) {
            Extent extent = all[i].extent();
            infos.add(new SegmentInfo(
                    all[i].baseOffset(),
                    extent.endOffset(),
                    extent.sizeBytes(),
                    extent.maxTimestampMs(),
                    i == all.length - 1));
        }
        return infos;
    }

    @Override
    public void append(ByteBuffer[] batches, List<BatchHeader> headers) {
        body.requireWritable();
        body.requireUndamaged();
        if (!headers.isEmpty()) {
            new Appender(body, batches, headers).run();
        }
    }

    @Override
    public long force() {
        return Forcing.force(body);
    }

    @Override
    public LogSlice read(long offset, int maxBytes, long endOffset, boolean atLeastOne) {
        return withoutRetired(() -> {
            Segment[] all = body.segments;
            for (int i = LogBody.floor(all, offset); i < all.length; i++) {
                Segment segment = all[i];
                Extent extent = segment.extent();
                long end = Math.min(endOffset, extent.endOffset());
                if (offset >= end) {
                    if (offset >= endOffset) {
                        break;
                    }
                    continue;
                }
                LogSlice slice = slice(segment, i == all.length - 1, extent, offset, maxBytes, end, atLeastOne);
                if (slice != null) {
                    return slice;
                }
            }
            return new EmptySlice(offset);
        });
    }

    private @Nullable LogSlice slice(
            Segment segment, boolean active, Extent extent, long offset, int maxBytes, long end, boolean atLeastOne) {
        OpenFile file = body.context.files().acquire(segment);
        if (file == null) {
            throw new RetiredSegment();
        }
        LogSlice slice = null;
        try {
            SparseIndex index = segment.index(file, active, body.config.indexIntervalBytes());
            if (index == null) {
                throw new RetiredSegment();
            }
            slice = new SliceFinder(segment, extent, file, index).find(offset, maxBytes, end, atLeastOne, hint);
        } catch (StorageFailure failure) {
            if (segment.isRetired()) {
                throw new RetiredSegment();
            }
            throw failure;
        } finally {
            if (!(slice instanceof FileSlice)) {
                file.release();
            }
        }
        if (slice instanceof FileSlice found) {
            hint = new SliceFinder.Hint(segment, found.nextOffset(), found.endPosition());
            body.context.metrics().readSlices.increment();
        }
        return slice;
    }

    /** A retired segment means that the list of segments changes just now: wait for that, and look again. */
    private <T> T withoutRetired(Supplier<T> reading) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            try {
                return reading.get();
            } catch (RetiredSegment changed) {
                synchronized (body.forceLock) {
                    // whoever retires segments holds this lock until the new ones are in the list
                }
            }
        }
        throw DirectoryHealth.damaged("the segments of " + partition() + " cannot be read");
    }

    @Override
    public Optional<TimestampedOffset> findByTimestamp(long timestampMs, long endOffset) {
        return withoutRetired(() -> new TimeSearch(body, endOffset).first(timestampMs));
    }

    @Override
    public Optional<TimestampedOffset> maxTimestamp(long endOffset) {
        return withoutRetired(() -> new TimeSearch(body, endOffset).largest());
    }

    @Override
    public int latestEpoch() {
        return body.epochs.latest();
    }

    @Override
    public void assignEpoch(int epoch) {
        body.requireWritable();
        synchronized (body) {
            body.epochs = body.epochs.with(epoch, body.endOffset());
            body.markChanged();
        }
    }

    @Override
    public EpochEnd endOffsetFor(int epoch) {
        return body.epochs.endOffsetFor(epoch, body.endOffset());
    }

    @Override
    public void truncateTo(long offset) {
        new Truncation(body).truncateTo(offset);
    }

    @Override
    public void advanceStart(long offset) {
        body.requireWritable();
        if (offset > body.endOffset()) {
            body.requireUndamaged();
            new Truncation(body).restartAt(offset);
        } else if (offset > body.startOffset) {
            synchronized (body.forceLock) {
                Forcing.forceNames(body);
                Notes.write(body.paths, LogPaths.START, offset);
                synchronized (body) {
                    body.startOffset = offset;
                    body.epochs = body.epochs.from(offset);
                    body.markChanged();
                }
            }
        }
    }

    @Override
    public long applyRetention(long nowMs, long highWatermark) {
        return new Retention(body).apply(nowMs, highWatermark);
    }

    @Override
    public long compact(long nowMs, long highWatermark) {
        return new Compaction(body).run(nowMs, highWatermark);
    }

    @Override
    public void configure(LogConfig config) {
        body.config = config;
    }

    @Override
    public void addAborted(AbortedTransaction transaction) {
        body.requireWritable();
        body.aborted.add(transaction);
        body.markChanged();
    }

    @Override
    public List<AbortedTransaction> abortedIn(long fromOffset, long endOffset) {
        return body.aborted.overlapping(fromOffset, endOffset);
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) {
        long next = fromOffset;
        boolean more = true;
        while (more && next < body.endOffset()) {
            long from = next;
            HeaderScan scan = withoutRetired(() -> new HeaderScan(body, from));
            try (scan) {
                more = scan.visit(visitor);
                next = scan.nextOffset();
            }
        }
    }

    @Override
    public Optional<StateSnapshot> latestSnapshot() {
        return body.snapshots.latest(body.endOffset());
    }

    @Override
    public void writeSnapshot(StateSnapshot snapshot) {
        body.requireWritable();
        if (snapshot.offset() > body.endOffset()) {
            throw new IllegalArgumentException("snapshot of offset " + snapshot.offset() + " beyond the log's end");
        }
        try {
            body.aborted.force();
        } catch (IOException failure) {
            throw body.context.health().broken("force of the aborted-transaction index of " + partition(), failure);
        }
        body.snapshots.write(snapshot);
        body.markChanged();
    }

    @Override
    public RecoveryReport recovery() {
        return recovery;
    }

    @Override
    public void close() {
        if (!body.closed) {
            new Closing(body).close();
        }
    }

    @Override
    public void delete() {
        new Closing(body).delete();
    }
}
