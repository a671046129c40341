package io.jofka.node.storage;

import io.jofka.api.batch.BatchHeader;
import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes the file that will stand for a run of segments. Not thread-safe; must be closed. */
final class CleanedSegment implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final long baseOffset;
    private final int intervalBytes;
    private final DiskFile file;
    private final SparseIndex index = new SparseIndex();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private int written;
    private int size;
    private long maxTimestampMs = -1;

    CleanedSegment(LogPaths paths, long baseOffset, int intervalBytes) throws IOException {
        this.baseOffset = baseOffset;
        this.intervalBytes = intervalBytes;
        this.file = paths.context().disk().open(paths.file(LogPaths.name(baseOffset, LogPaths.CLEANED)), true);
        file.truncate(0);
    }

    void add(ByteBuffer batch) throws IOException {
        BatchHeader header = BatchHeader.read(batch, batch.position());
        if (size - index.lastPosition() >= intervalBytes) {
            index.add((int) (header.baseOffset() - baseOffset), size, maxTimestampMs);
        }
        size = Math.addExact(size, batch.remaining());
        maxTimestampMs = Math.max(maxTimestampMs, header.maxTimestampMs());
        if (batch.remaining() > buffer.remaining()) {
            flush();
        }
        if (batch.remaining() > buffer.remaining()) {
            written += batch.remaining();
            file.write(new ByteBuffer[] {batch}, written - batch.remaining());
        } else {
            buffer.put(batch);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        file.write(new ByteBuffer[] {buffer}, written);
        written += count;
        buffer.clear();
    }

    /** Durable on return, except for its name. */
    void finish() throws IOException {
        flush();
        file.force();
    }

    int sizeBytes() {
        return size;
    }

    long maxTimestampMs() {
        return maxTimestampMs;
    }

    SparseIndex index() {
        return index;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
