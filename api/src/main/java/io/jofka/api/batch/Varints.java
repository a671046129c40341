package io.jofka.api.batch;

/** Zigzag varints of the record format: written into arrays, and their sizes. */
final class Varints {
    private Varints() {}

    static int sizeOf(int value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 31));
    }

    static int sizeOf(long value) {
        long raw = (value << 1) ^ (value >> 63);
        // significant bits, at least one, in groups of seven
        return (70 - Long.numberOfLeadingZeros(raw | 1)) / 7;
    }

    private static int sizeOfUnsigned(int raw) {
        return (38 - Integer.numberOfLeadingZeros(raw | 1)) / 7;
    }

    /** Writes and returns the position behind. */
    static int put(byte[] out, int at, int value) {
        int raw = (value << 1) ^ (value >> 31);
        while ((raw & ~0x7f) != 0) {
            out[at++] = (byte) (raw | 0x80);
            raw >>>= 7;
        }
        out[at++] = (byte) raw;
        return at;
    }

    static int put(byte[] out, int at, long value) {
        long raw = (value << 1) ^ (value >> 63);
        while ((raw & ~0x7fL) != 0) {
            out[at++] = (byte) (raw | 0x80);
            raw >>>= 7;
        }
        out[at++] = (byte) raw;
        return at;
    }
}
