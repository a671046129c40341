package io.jofka.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** Whole batches of one segment; keeps the file open, even if it is deleted, until closed. */
final class FileSlice implements LogSlice {
    private final Segment segment;
    private final int position;
    private final int sizeBytes;
    private final long baseOffset;
    private final long nextOffset;
    private @Nullable OpenFile file;

    /** Takes over one retained count of the file. */
    FileSlice(Segment segment, OpenFile file, int position, int sizeBytes, long baseOffset, long nextOffset) {
        this.segment = segment;
        this.file = file;
        this.position = position;
        this.sizeBytes = sizeBytes;
        this.baseOffset = baseOffset;
        this.nextOffset = nextOffset;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long baseOffset() {
        return baseOffset;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    /** Position in the file after the slice. */
    int endPosition() {
        return position + sizeBytes;
    }

    @Override
    public long transferTo(int from, int count, WritableByteChannel target) throws IOException {
        if (from < 0 || count < 0 || from > sizeBytes - count) {
            throw new IndexOutOfBoundsException(from + " + " + count + " of " + sizeBytes);
        }
        return open().file().transferTo((long) position + from, count, target);
    }

    @Override
    public ByteBuffer toBuffer() {
        return BatchWalk.load(segment, open(), position, sizeBytes);
    }

    private OpenFile open() {
        OpenFile held = file;
        if (held == null) {
            throw new IllegalStateException("the slice is closed");
        }
        return held;
    }

    @Override
    public void close() {
        OpenFile held = file;
        file = null;
        if (held != null) {
            held.release();
        }
    }
}
