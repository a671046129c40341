package io.jofka.api.batch;

/** The 32-bit MurmurHash2 with the seed that Kafka's clients use to place keys. */
public final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int MIX = 0x5bd1e995;

    private Murmur2() {}

    public static int hash(byte[] data) {
        int length = data.length;
        int hash = SEED ^ length;
        int at = 0;
        for (; at + 4 <= length; at += 4) {
            int word =
                    (data[at] & 0xff) | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16 | data[at + 3] << 24;
            word *= MIX;
            word ^= word >>> 24;
            hash = hash * MIX ^ word * MIX;
        }
        int tail = 0;
        for (int i = length - 1; i >= at; i--) {
            tail = tail << 8 | (data[i] & 0xff);
        }
        if (at < length) {
            hash = (hash ^ tail) * MIX;
        }
        hash = (hash ^ hash >>> 13) * MIX;
        return hash ^ hash >>> 15;
    }
}
