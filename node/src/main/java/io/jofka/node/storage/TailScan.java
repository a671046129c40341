package io.jofka.node.storage;

import io.jofka.api.batch.BatchFields;
import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads a segment file batch by batch and checks every CRC, as recovery must where it does not know what reached the
 * disk. Stops at the first bytes that are no good batch. Not thread-safe; must be closed.
 */
final class TailScan implements AutoCloseable {
    /** The least that a disk writes as one. */
    private static final int SECTOR = 512;

    private static final int HEADER = BatchFields.HEADER_SIZE;

    private final DiskFile file;
    private final long baseOffset;
    private final int fileSize;
    private final boolean gapsAllowed;
    private final BufferPool pool;
    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();
    private long windowStart;

    private int position;
    private int batchSize;
    private long nextOffset;
    private int epoch;

    /**
     * @param position of a batch
     * @param nextOffset that batch's base offset
     * @param epoch the largest leader epoch before it, or -1
     * @param gapsAllowed whether offsets may be missing between batches, as compaction leaves them
     */
    TailScan(
            LogContext context,
            DiskFile file,
            long baseOffset,
            int fileSize,
            int position,
            long nextOffset,
            int epoch,
            boolean gapsAllowed) {
        this.file = file;
        this.baseOffset = baseOffset;
        this.fileSize = fileSize;
        this.gapsAllowed = gapsAllowed;
        this.pool = context.scans();
        this.buffer = pool.take();
        this.buffer.limit(0);
        this.position = position;
        this.nextOffset = nextOffset;
        this.epoch = epoch;
    }

    /** Moves over one good batch; false at the end of the file or before bytes that are none. */
    boolean next() throws IOException {
        int at = position + batchSize;
        if (!goodAt(at, nextOffset, gapsAllowed)) {
            position = at;
            batchSize = 0;
            return false;
        }
        int window = (int) (at - windowStart);
        position = at;
        nextOffset = lastOffset(window) + 1;
        epoch = Math.max(epoch, buffer.getInt(window + BatchFields.LEADER_EPOCH));
        return true;
    }

    private boolean goodAt(int at, long expected, boolean mayBeLarger) throws IOException {
        if (fileSize - at < HEADER || !load(at)) {
            return false;
        }
        int window = (int) (at - windowStart);
        int size = BatchFields.sizeAt(buffer, window);
        long base = buffer.getLong(window);
        if (size < 0
                || size > fileSize - at
                || buffer.get(window + BatchFields.MAGIC) != BatchFields.CURRENT_MAGIC
                || base < expected
                || (base > expected && !mayBeLarger)
                || lastOffset(window) < base
                || lastOffset(window) - baseOffset > Integer.MAX_VALUE
                || buffer.getInt(window + BatchFields.LEADER_EPOCH) < epoch) {
            return false;
        }
        int stored = buffer.getInt(window + BatchFields.CRC);
        if (crcOf(at, size) != stored) {
            return false;
        }
        load(at);
        batchSize = size;
        return true;
    }

    /** Makes sure that a header at the position is in the buffer. */
    private boolean load(int at) throws IOException {
        if (at >= windowStart && at + HEADER <= windowStart + buffer.limit()) {
            return true;
        }
        buffer.clear().limit(Math.min(buffer.capacity(), fileSize - at));
        file.read(buffer, at);
        buffer.flip();
        windowStart = at;
        return buffer.limit() >= HEADER;
    }

    private int crcOf(int at, int size) throws IOException {
        crc.reset();
        int from = at + BatchFields.ATTRIBUTES;
        int end = at + size;
        while (from < end) {
            long inWindow = windowStart + buffer.limit();
            if (from >= inWindow) {
                buffer.clear().limit(Math.min(buffer.capacity(), fileSize - from));
                file.read(buffer, from);
                buffer.flip();
                windowStart = from;
                inWindow = windowStart + buffer.limit();
                if (buffer.limit() == 0) {
                    return 0;
                }
            }
            int count = (int) Math.min(end, inWindow) - from;
            crc.update(buffer.slice((int) (from - windowStart), count));
            from += count;
        }
        return (int) crc.getValue();
    }

    private long lastOffset(int window) {
        return buffer.getLong(window) + buffer.getInt(window + BatchFields.LAST_OFFSET_DELTA);
    }

    int position() {
        return position;
    }

    /** Position after the last good batch. */
    int end() {
        return position + batchSize;
    }

    long batchBaseOffset() {
        return buffer.getLong((int) (position - windowStart));
    }

    long batchMaxTimestampMs() {
        return buffer.getLong((int) (position - windowStart) + BatchFields.MAX_TIMESTAMP);
    }

    int batchEpoch() {
        return buffer.getInt((int) (position - windowStart) + BatchFields.LEADER_EPOCH);
    }

    /** Offset after the last good batch. */
    long nextOffset() {
        return nextOffset;
    }

    /** After {@link #next} was false: where the next good batch begins that could belong to this log, or -1. */
    int findNext() throws IOException {
        int bad = position;
        for (int at = bad + 1; at <= fileSize - HEADER; at++) {
            if (!load(at)) {
                return -1;
            }
            int window = (int) (at - windowStart);
            if (buffer.get(window + BatchFields.MAGIC) == BatchFields.CURRENT_MAGIC
                    && buffer.getLong(window) > nextOffset
                    && buffer.getLong(window) - nextOffset < Integer.MAX_VALUE
                    && goodAt(at, nextOffset, true)) {
                batchSize = 0;
                return at;
            }
        }
        return -1;
    }

    /**
     * After {@link #next} was false: whether headers lead from here to the end of the file and to the offset where the
     * next segment begins, so that the end was written whole, while a torn end stops short or has other bytes.
     */
    boolean headersReach(long endOffset) throws IOException {
        int at = position;
        long expected = nextOffset;
        while (fileSize - at >= HEADER && load(at)) {
            int window = (int) (at - windowStart);
            int size = BatchFields.sizeAt(buffer, window);
            long base = buffer.getLong(window);
            if (size < HEADER || size > fileSize - at || base < expected || (base > expected && !gapsAllowed)) {
                return false;
            }
            expected = lastOffset(window) + 1;
            at += size;
        }
        return at == fileSize && expected == endOffset;
    }

    /**
     * After {@link #next} was false: whether some sector from there to {@code to}, where good bytes begin or the file
     * ends, is as it was before the last writes. A log is only ever appended to, so such a sector holds what an earlier
     * append left and then zeros to its end; that is the hole that a power cut leaves when pages reach the disk in
     * another order than they were written. Damage of what was written does not look so. (The first bytes of the good
     * batch may lie in such a sector: they are zeros as well.)
     */
    boolean hasUnwrittenSector(int to) throws IOException {
        for (int start = position; start < to; start = (start / SECTOR + 1) * SECTOR) {
            int end = Math.min(fileSize, (start / SECTOR + 1) * SECTOR);
            if (zeros(start, end) && (end - start >= BatchFields.LOG_OVERHEAD || headerIsTorn(start, end))) {
                return true;
            }
        }
        return false;
    }

    /** Few zeros at a sector's end are the first bytes of most batches, too: they must not be what was expected. */
    private boolean headerIsTorn(int start, int end) throws IOException {
        if (start != position || fileSize - position < HEADER || !load(position)) {
            return true;
        }
        int window = (int) (position - windowStart);
        return end - start > 8 || buffer.getLong(window) != nextOffset;
    }

    private boolean zeros(int from, int to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(to - from);
        file.read(bytes, from);
        for (int i = 0; i < bytes.position(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        pool.give(buffer);
    }
}
