package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.api.batch.BatchHeader;
import io.jofka.node.common.Invariant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One append. It is planned first (which batches go to which segment), written second, and published third, so that a
 * full disk in the middle leaves nothing behind. Runs under the body's monitor.
 */
final class Appender {
    /** Batches {@code from} to {@code to} (exclusive) of the append go to the segment at {@code position}. */
    private record Piece(Segment segment, int position, int from, int to, int sizeBytes) {}

    private final LogBody body;
    private final ByteBuffer[] buffers;
    private final List<BatchHeader> headers;
    private final LogConfig config;

    Appender(LogBody body, ByteBuffer[] buffers, List<BatchHeader> headers) {
        this.body = body;
        this.buffers = buffers;
        this.headers = headers;
        this.config = body.config;
    }

    void run() {
        check();
        ensureIndex(body.active());
        List<Piece> pieces = plan();
        write(pieces);
        synchronized (body) {
            publish(pieces);
        }
    }

    private void check() {
        long expected = body.endOffset();
        long bytes = 0;
        for (BatchHeader header : headers) {
            Invariant.check(
                    header.baseOffset() >= expected,
                    "append of offset %d to %s, which ends at %d",
                    header.baseOffset(),
                    body.paths.partition(),
                    expected);
            expected = header.nextOffset();
            bytes += header.sizeBytes();
        }
        long given = 0;
        for (ByteBuffer buffer : buffers) {
            given += buffer.remaining();
        }
        Invariant.check(given == bytes, "%d bytes given, %d in the batches", given, bytes);
    }

    private List<Piece> plan() {
        List<Piece> pieces = new ArrayList<>(1);
        Segment segment = body.active();
        long firstTimestamp = firstTimestamp(segment);
        int position = segment.sizeBytes();
        int from = 0;
        int size = 0;
        for (int i = 0; i < headers.size(); i++) {
            BatchHeader header = headers.get(i);
            if (mustRoll(segment, (long) position + size, firstTimestamp, header)) {
                pieces.add(new Piece(segment, position, from, i, size));
                segment = Segment.empty(
                        body.paths, header.baseOffset(), body.context.clock().wallMs());
                firstTimestamp = -1;
                position = 0;
                from = i;
                size = 0;
            }
            if (firstTimestamp < 0) {
                firstTimestamp = header.maxTimestampMs();
                segment.firstTimestampMs = firstTimestamp;
            }
            size += header.sizeBytes();
        }
        pieces.add(new Piece(segment, position, from, headers.size(), size));
        return pieces;
    }

    /** By size, by offsets that the index cannot hold, and by time, counted from the first batch as Kafka does. */
    private boolean mustRoll(Segment segment, long sizeBytes, long firstTimestamp, BatchHeader header) {
        if (header.lastOffset() - segment.baseOffset() > Integer.MAX_VALUE) {
            return true;
        }
        if (sizeBytes == 0) {
            return false;
        }
        long limit = Math.min(config.segmentBytes(), Integer.MAX_VALUE);
        if (sizeBytes + header.sizeBytes() > limit) {
            return true;
        }
        long waitedMs = firstTimestamp >= 0
                ? header.maxTimestampMs() - firstTimestamp
                : body.context.clock().wallMs() - segment.createdMs();
        return waitedMs > config.segmentMs();
    }

    private void ensureIndex(Segment active) {
        if (active.loadedIndex() == null) {
            OpenFile file = owned(active);
            try {
                active.index(file, true, config.indexIntervalBytes());
            } finally {
                file.release();
            }
        }
    }

    private static SparseIndex indexOf(Segment segment) {
        return Objects.requireNonNull(segment.loadedIndex(), "index of an active segment");
    }

    private static long firstTimestamp(Segment segment) {
        if (segment.firstTimestampMs < 0 && segment.sizeBytes() > 0) {
            OpenFile file = owned(segment);
            try (BatchWalk walk = BatchWalk.lookUp(segment, file, 0, segment.sizeBytes())) {
                if (walk.next()) {
                    segment.firstTimestampMs = walk.maxTimestampMs();
                }
            } finally {
                file.release();
            }
        }
        return segment.firstTimestampMs;
    }

    /** The owner's segments are not retired behind its back. */
    private static OpenFile owned(Segment segment) {
        OpenFile file = segment.paths().context().files().acquire(segment);
        if (file == null) {
            throw new IllegalStateException(segment + " is retired");
        }
        return file;
    }

    private void write(List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.sizeBytes == 0) {
                continue;
            }
            try {
                write(piece);
            } catch (IOException failure) {
                throw undone(body.paths.writeFailed("append", failure), pieces.subList(0, i + 1));
            } catch (StorageFailure failure) {
                throw undone(failure, pieces.subList(0, i + 1));
            }
        }
    }

    private StorageFailure undone(StorageFailure failure, List<Piece> pieces) {
        if (failure.scope() != StorageFailure.Scope.DIRECTORY) {
            undo(pieces);
        }
        return failure;
    }

    private void write(Piece piece) throws IOException {
        Segment segment = piece.segment;
        OpenFile file;
        if (segment.exists) {
            file = owned(segment);
        } else {
            file = body.context.files().create(segment);
        }
        try {
            if (!segment.verified) {
                long size = file.file().sizeBytes();
                if (size != piece.position) {
                    throw DirectoryHealth.damaged(segment + " has " + size + " bytes, not " + piece.position);
                }
                segment.verified = true;
            }
            file.markWritten();
            file.file().write(slices(piece), piece.position);
        } finally {
            file.release();
        }
    }

    /** Those parts of the buffers that hold the piece's batches; batches do not cross buffers. */
    private ByteBuffer[] slices(Piece piece) {
        if (piece.from == 0 && piece.to == headers.size()) {
            return buffers;
        }
        long skip = 0;
        for (int i = 0; i < piece.from; i++) {
            skip += headers.get(i).sizeBytes();
        }
        long left = piece.sizeBytes;
        List<ByteBuffer> slices = new ArrayList<>();
        for (ByteBuffer buffer : buffers) {
            int from = (int) Math.min(skip, buffer.remaining());
            int count = (int) Math.min(left, buffer.remaining() - from);
            skip -= from;
            if (count > 0) {
                slices.add(buffer.slice(buffer.position() + from, count));
                left -= count;
            }
        }
        return slices.toArray(new ByteBuffer[0]);
    }

    /**
     * Nothing was published yet: cut the active segment back and remove the new ones. Durable, since the caller reports
     * a definite refusal: what was refused must not appear after a crash (A11).
     */
    private void undo(List<Piece> pieces) {
        try {
            for (Piece piece : pieces.reversed()) {
                Segment segment = piece.segment;
                if (segment.exists) {
                    OpenFile file = owned(segment);
                    try {
                        file.file().truncate(piece.position);
                        file.file().force();
                    } finally {
                        file.release();
                    }
                } else {
                    body.context.files().forget(segment, true);
                    body.context.disk().deleteIfExists(segment.path());
                    body.context.disk().forceDirectory(body.paths.directory());
                }
            }
        } catch (IOException failure) {
            throw body.context.health().broken("undoing an append to " + body.paths.partition(), failure);
        }
    }

    @GuardedBy("body")
    private void publish(List<Piece> pieces) {
        EpochTable epochs = body.epochs;
        for (Piece piece : pieces) {
            Segment segment = piece.segment;
            if (segment.baseOffset() != body.active().baseOffset()) {
                Rolling.roll(body, segment);
            }
            if (piece.sizeBytes == 0) {
                continue;
            }
            if (!segment.exists) {
                segment.exists = true;
                body.directoryChanged = true;
            }
            Extent extent = segment.extent();
            long maxTimestamp = extent.maxTimestampMs();
            SparseIndex index = indexOf(segment);
            int position = piece.position;
            for (int i = piece.from; i < piece.to; i++) {
                BatchHeader header = headers.get(i);
                if (position - index.lastPosition() >= config.indexIntervalBytes()) {
                    index.add((int) (header.baseOffset() - segment.baseOffset()), position, maxTimestamp);
                }
                position += header.sizeBytes();
                maxTimestamp = Math.max(maxTimestamp, header.maxTimestampMs());
                epochs = epochs.with(header.leaderEpoch(), header.baseOffset());
            }
            body.epochs = epochs;
            segment.extend(new Extent(position, headers.get(piece.to - 1).nextOffset(), maxTimestamp));
            body.context.metrics().appendedBytes.add(piece.sizeBytes);
        }
        body.context.metrics().appends.increment();
        if (body.unforcedSinceNanos == 0) {
            body.unforcedSinceNanos = Math.max(1, body.context.clock().nanos());
        }
        body.markChanged();
    }
}
