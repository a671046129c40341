package io.jofka.node.storage;

import static io.jofka.api.batch.BatchFields.ATTRIBUTES;
import static io.jofka.api.batch.BatchFields.BASE_OFFSET;
import static io.jofka.api.batch.BatchFields.CURRENT_MAGIC;
import static io.jofka.api.batch.BatchFields.HEADER_SIZE;
import static io.jofka.api.batch.BatchFields.LAST_OFFSET_DELTA;
import static io.jofka.api.batch.BatchFields.LEADER_EPOCH;
import static io.jofka.api.batch.BatchFields.MAGIC;
import static io.jofka.api.batch.BatchFields.MAX_TIMESTAMP;
import static io.jofka.api.batch.BatchFields.PRODUCER_ID;

import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Goes from batch to batch through part of a segment, reading headers only: no object per batch, one read of the file
 * for many small batches. Does not check CRCs; a header that cannot be one is damage. Not thread-safe; must be closed,
 * which gives its buffer back.
 */
final class BatchWalk implements AutoCloseable {
    private final Segment segment;
    private final OpenFile file;
    private final BufferPool pool;
    private final ByteBuffer buffer;
    private final int readBytes;
    private final int limit;

    /** Position in the file of the buffer's first byte. */
    private int windowStart;

    private int position;
    private int size;

    /**
     * @param position of a batch
     * @param limit where the walk ends, the end of a batch
     * @param readBytes how much to read at once; small for a look-up, the buffer's size for a scan
     */
    BatchWalk(Segment segment, OpenFile file, BufferPool pool, int position, int limit, int readBytes) {
        this.segment = segment;
        this.file = file;
        this.pool = pool;
        this.buffer = pool.take();
        this.readBytes = Math.min(readBytes, buffer.capacity());
        this.limit = limit;
        this.position = position;
        this.windowStart = position;
        this.buffer.limit(0);
    }

    /** A walk for a look-up: little is read at once. */
    static BatchWalk lookUp(Segment segment, OpenFile file, int position, int limit) {
        return new BatchWalk(segment, file, segment.paths().context().headers(), position, limit, 4096 + HEADER_SIZE);
    }

    /** A walk through much of the segment. */
    static BatchWalk scan(Segment segment, OpenFile file, int position, int limit) {
        return new BatchWalk(segment, file, segment.paths().context().scans(), position, limit, Integer.MAX_VALUE);
    }

    /** Moves to the next batch; false at the end. */
    boolean next() {
        position += size;
        size = 0;
        if (position >= limit) {
            return false;
        }
        if (position + HEADER_SIZE > windowStart + buffer.limit()) {
            fill();
        }
        int at = position - windowStart;
        size = BatchFields.sizeAt(buffer, at);
        if (size < 0
                || size > limit - position
                || buffer.get(at + MAGIC) != CURRENT_MAGIC
                || baseOffset() < segment.baseOffset()
                || lastOffset() < baseOffset()) {
            throw DirectoryHealth.damaged("No batch at position " + position + " of " + segment);
        }
        return true;
    }

    private void fill() {
        if (limit - position < HEADER_SIZE) {
            throw DirectoryHealth.damaged("No batch at position " + position + " of " + segment);
        }
        buffer.clear().limit(Math.min(readBytes, limit - position));
        try {
            file.file().read(buffer, position);
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable(segment + " at position " + position, failure);
        }
        windowStart = position;
        buffer.flip();
        if (buffer.limit() < HEADER_SIZE) {
            throw DirectoryHealth.damaged(segment + " ends at " + (position + buffer.limit()) + ", not at " + limit);
        }
    }

    int position() {
        return position;
    }

    int sizeBytes() {
        return size;
    }

    /** Position after the batch. */
    int end() {
        return position + size;
    }

    long baseOffset() {
        return buffer.getLong(position - windowStart + BASE_OFFSET);
    }

    long lastOffset() {
        return baseOffset() + buffer.getInt(position - windowStart + LAST_OFFSET_DELTA);
    }

    int leaderEpoch() {
        return buffer.getInt(position - windowStart + LEADER_EPOCH);
    }

    long maxTimestampMs() {
        return buffer.getLong(position - windowStart + MAX_TIMESTAMP);
    }

    long producerId() {
        return buffer.getLong(position - windowStart + PRODUCER_ID);
    }

    boolean isControl() {
        return (buffer.getShort(position - windowStart + ATTRIBUTES) & BatchFields.CONTROL_FLAG) != 0;
    }

    BatchHeader header() {
        return BatchHeader.read(buffer, position - windowStart);
    }

    /** The whole batch in a new heap buffer. */
    ByteBuffer load() {
        return load(segment, file, position, size);
    }

    static ByteBuffer load(Segment segment, OpenFile file, int position, int sizeBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
        try {
            if (file.file().read(bytes, position) != sizeBytes) {
                throw DirectoryHealth.damaged(segment + " ends before " + (position + sizeBytes));
            }
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable(segment + " at position " + position, failure);
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        pool.give(buffer);
    }
}
