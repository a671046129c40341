package io.jofka.node.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, for one pass of compaction, in bounded memory: a key is known by its MD5, 24 bytes each
 * with the offset. Two keys with the same digest would be taken for one; by chance that does not happen. Open
 * addressing, at most three quarters full. Not thread-safe.
 */
final class OffsetMap {
    private static final int LONGS = 3;

    private final long[] slots;
    private final int capacity;
    private final int limit;
    private final MessageDigest digest;
    private int size;
    private long high;
    private long low;

    /**
     * @param expected keys that may come, at most
     * @param limitBytes heap to use at most
     */
    OffsetMap(long expected, int limitBytes) {
        long most = limitBytes / (8 * LONGS);
        this.capacity = (int) Math.max(16, Math.min(most, expected + expected / 3 + 1));
        this.limit = capacity / 4 * 3;
        this.slots = new long[capacity * LONGS];
        try {
            this.digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    /** Room for so many keys more. */
    int room() {
        return limit - size;
    }

    /** Notes that the key is at this offset; offsets come rising. */
    void put(ByteBuffer key, long offset) {
        int slot = find(key);
        if (slots[slot + 2] == 0) {
            if (size == limit) {
                throw new IllegalStateException("no room for a key");
            }
            size++;
            slots[slot] = high;
            slots[slot + 1] = low;
        }
        slots[slot + 2] = offset + 1;
    }

    /** The last offset of the key, or -1. */
    long get(ByteBuffer key) {
        return slots[find(key) + 2] - 1;
    }

    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        high = hash.getLong();
        low = hash.getLong();
        int slot = (int) Long.remainderUnsigned(high, capacity) * LONGS;
        while (slots[slot + 2] != 0 && (slots[slot] != high || slots[slot + 1] != low)) {
            slot += LONGS;
            if (slot == slots.length) {
                slot = 0;
            }
        }
        return slot;
    }
}
