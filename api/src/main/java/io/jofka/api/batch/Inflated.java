package io.jofka.api.batch;

import io.jofka.api.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Where inflated bytes go: an array that grows with what is really there, up to a limit. One thread. */
final class Inflated {
    private final int limit;
    private byte[] bytes = {};
    private int size;

    Inflated(int limit) {
        this.limit = limit;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    int free() {
        return bytes.length - size;
    }

    /** Notes that {@code count} bytes were written behind {@link #size}. */
    void advance(int count) {
        size += count;
    }

    /** Makes room for {@code count} more bytes, which are known to come. Fails if that is beyond the limit. */
    void require(int count) {
        if (count > limit - size) {
            throw tooLarge();
        }
        roomFor(count);
    }

    /** Makes room for up to {@code count} more bytes, as far as the limit allows; there may be fewer. */
    void roomFor(int count) {
        if (count > bytes.length - size) {
            long needed = (long) size + Math.min(count, limit - size);
            long doubled = Math.min(limit, Math.max(64, 2L * bytes.length));
            // the first room is a codec's estimate, which mostly holds
            bytes = Arrays.copyOf(bytes, (int) (bytes.length == 0 ? needed : Math.max(needed, doubled)));
        }
    }

    /** Takes all that the stream gives. */
    void fill(InputStream stream) throws IOException {
        while (true) {
            roomFor(1);
            if (free() == 0) {
                if (stream.read() >= 0) {
                    throw tooLarge();
                }
                return;
            }
            int read = stream.read(bytes, size, free());
            if (read < 0) {
                return;
            }
            size += read;
        }
    }

    BadBatch tooLarge() {
        return new BadBatch(
                Fault.RECORD_LIST_TOO_LARGE,
                "The batch inflates to more than the " + limit + " bytes that are allowed for its size.");
    }
}
