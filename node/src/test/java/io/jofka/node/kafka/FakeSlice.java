package io.jofka.node.kafka;

import io.jofka.node.storage.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A slice of a real file, so that sendfile is what is tested; counts the open ones. */
record FakeSlice(FileChannel file, long position, int sizeBytes, long baseOffset, long nextOffset, AtomicInteger open)
        implements LogSlice {
    FakeSlice {
        open.incrementAndGet();
    }

    @Override
    public long transferTo(int from, int count, WritableByteChannel target) throws IOException {
        return file.transferTo(position + from, count, target);
    }

    @Override
    public ByteBuffer toBuffer() {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
            file.read(bytes, position);
            return bytes.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        open.decrementAndGet();
    }
}
