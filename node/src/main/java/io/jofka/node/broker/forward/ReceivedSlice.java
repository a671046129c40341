package io.jofka.node.broker.forward;

import io.jofka.node.broker.forward.proto.Data;
import io.jofka.node.storage.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Batches that another node has sent, in memory. */
record ReceivedSlice(Data data) implements LogSlice {
    @Override
    public int sizeBytes() {
        return data.getBatches().size();
    }

    @Override
    public long baseOffset() {
        return data.getBaseOffset();
    }

    @Override
    public long nextOffset() {
        return data.getNextOffset();
    }

    @Override
    public long transferTo(int from, int count, WritableByteChannel target) throws IOException {
        return target.write(data.getBatches().asReadOnlyByteBuffer().slice(from, count));
    }

    @Override
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(data.getBatches().toByteArray());
    }

    @Override
    public void close() {
        // held by nothing but memory
    }
}
