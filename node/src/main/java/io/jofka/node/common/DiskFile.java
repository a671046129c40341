package io.jofka.node.common;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An open file. Positions are bytes. Reads at explicit positions may run beside one writer. */
public interface DiskFile extends Closeable {
    long sizeBytes() throws IOException;

    /** Writes all remaining bytes of all buffers, one after the other, from {@code position} on. */
    void write(ByteBuffer[] sources, long position) throws IOException;

    /** Fills {@code target} from {@code position}; returns the bytes read, less than asked only at the end of file. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Hands bytes to a channel without copying them through the heap where the system can; may move fewer. */
    long transferTo(long position, long count, WritableByteChannel target) throws IOException;

    /** Data and size become durable. A failure is final for the log directory: never call again. */
    void force() throws IOException;

    void truncate(long sizeBytes) throws IOException;

    @Override
    void close() throws IOException;
}
