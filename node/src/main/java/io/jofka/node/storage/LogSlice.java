package io.jofka.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes of whole batches inside one segment file. Holds the file open until closed. Not thread-safe; may be handed from
 * one thread to another.
 */
public interface LogSlice extends AutoCloseable {
    int sizeBytes();

    /** Base offset of the first batch; meaningless when empty. */
    long baseOffset();

    /** Offset after the last batch; equals the asked offset when empty. */
    long nextOffset();

    /**
     * Moves up to {@code count} bytes from {@code from} (relative to the slice) to the channel; sendfile where possible.
     * Returns what was moved, which may be less. The exception is the channel's, most often a peer that went away.
     */
    long transferTo(int from, int count, WritableByteChannel target) throws IOException;

    /** Reads all bytes into a heap buffer, for faces that decode. */
    ByteBuffer toBuffer();

    @Override
    void close();

    default boolean isEmpty() {
        return sizeBytes() == 0;
    }
}
