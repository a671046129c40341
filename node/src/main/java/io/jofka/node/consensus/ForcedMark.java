package io.jofka.node.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Remembers in a small file up to which index (exclusive) the metadata log has been forced. It is written after each
 * force and never forced itself: it may lag behind after a power loss, but never claims more than is on disk. Without it
 * a damaged log would be cut at the damage as if that were a torn tail, and acknowledged records would be gone silently.
 * Confined to the engine's thread.
 */
final class ForcedMark implements AutoCloseable {
    private static final int SIZE = 2 * Long.BYTES;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    private ForcedMark(FileChannel file) {
        this.file = file;
    }

    static ForcedMark open(Path path) throws IOException {
        return new ForcedMark(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** The index; empty when none was written or the file is damaged. */
    OptionalLong read() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining() && file.read(buffer, buffer.position()) > 0) {
            // reads until full or at the end
        }
        if (buffer.hasRemaining()) {
            return OptionalLong.empty();
        }
        long index = buffer.getLong(0);
        return buffer.getLong(Long.BYTES) == crc(index) ? OptionalLong.of(index) : OptionalLong.empty();
    }

    void write(long endIndex) throws IOException {
        buffer.clear().putLong(endIndex).putLong(crc(endIndex)).flip();
        while (buffer.hasRemaining()) {
            file.write(buffer, buffer.position());
        }
    }

    private static long crc(long index) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (index >>> shift) & 0xFF);
        }
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
