package io.jofka.tests.powerloss;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the journal that {@code tests/native/powercut.c} writes; the layout is described there. */
final class Journal {
    private static final int HEAD = 25;
    private static final int LARGEST = 256 << 20;

    private Journal() {}

    /**
     * One entry.
     *
     * @param number its place in the journal
     * @param type the letter of its kind
     * @param file inode number
     * @param at offset or size
     * @param covered for a force: entries below this number are covered
     */
    record Entry(long number, char type, long file, long at, long covered, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** Hands over every whole entry in order; a torn last one (the process was killed in it) is left out. */
    static long read(Path journal, Consumer<Entry> consumer) {
        long number = 0;
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(journal), 1 << 16))) {
            while (true) {
                byte[] prefix = in.readNBytes(4);
                if (prefix.length < 4) {
                    return number;
                }
                int length =
                        ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getInt();
                if (length < HEAD || length > LARGEST) {
                    throw new IOException("entry " + number + " of " + journal + " has length " + length);
                }
                byte[] rest = in.readNBytes(length);
                if (rest.length < length) {
                    return number;
                }
                ByteBuffer buffer = ByteBuffer.wrap(rest).order(ByteOrder.LITTLE_ENDIAN);
                char type = (char) buffer.get();
                long file = buffer.getLong();
                long at = buffer.getLong();
                long covered = buffer.getLong();
                byte[] payload = new byte[buffer.remaining()];
                buffer.get(payload);
                consumer.accept(new Entry(number++, type, file, at, covered, payload));
            }
        } catch (EOFException e) {
            return number;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
