package io.jofka.node.storage;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Nothing, at an offset. */
record EmptySlice(long nextOffset) implements LogSlice {
    @Override
    public int sizeBytes() {
        return 0;
    }

    @Override
    public long baseOffset() {
        return nextOffset;
    }

    @Override
    public long transferTo(int from, int count, WritableByteChannel target) {
        return 0;
    }

    @Override
    public ByteBuffer toBuffer() {
        return ByteBuffer.allocate(0);
    }

    @Override
    public void close() {}
}
