package io.jofka.node.kafka;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel into a buffer; takes what fits. Owned by one thread. */
record Capture(ByteBuffer target) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
        int count = Math.min(source.remaining(), target.remaining());
        target.put(target.position(), source, source.position(), count);
        target.position(target.position() + count);
        source.position(source.position() + count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // nothing to close: the buffer belongs to the caller
    }
}
