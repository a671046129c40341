package io.jofka.node.broker;

import io.jofka.node.storage.LogSlice;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A slice without bytes, for a position that was not read. */
record NoData(long offset) implements LogSlice {
    @Override
    public int sizeBytes() {
        return 0;
    }

    @Override
    public long baseOffset() {
        return offset;
    }

    @Override
    public long nextOffset() {
        return offset;
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
