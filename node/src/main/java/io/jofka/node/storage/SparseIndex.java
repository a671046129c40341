package io.jofka.node.storage;

import java.util.Arrays;

/**
 * The sparse index of one segment, for offsets, positions and times at once. An entry stands for a batch: its offset
 * relative to the segment's base, its position, and the largest timestamp of all batches before it. All three never
 * fall, so that each look-up is a binary search. The start of the segment is an entry that is not stored.
 *
 * <p>One writer; readers at any time without locks: they read {@code count} first, entries below it do not change. A
 * truncation makes a new index.
 */
final class SparseIndex {
    static final int ENTRY_BYTES = 16;
    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};

    private int[] offsets = NO_INTS;
    private int[] positions = NO_INTS;
    private long[] timestamps = NO_LONGS;
    private volatile int count;

    int count() {
        return count;
    }

    int memoryBytes() {
        return 80 + offsets.length * ENTRY_BYTES;
    }

    void add(int relativeOffset, int position, long maxTimestampBefore) {
        int at = count;
        if (at == offsets.length) {
            grow(Math.max(8, at + (at >> 1)));
        }
        offsets[at] = relativeOffset;
        positions[at] = position;
        timestamps[at] = maxTimestampBefore;
        count = at + 1;
    }

    void reserve(int entries) {
        if (entries > offsets.length) {
            grow(entries);
        }
    }

    private void grow(int capacity) {
        offsets = Arrays.copyOf(offsets, capacity);
        positions = Arrays.copyOf(positions, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
    }

    int relativeOffset(int entry) {
        return offsets[entry];
    }

    int position(int entry) {
        return positions[entry];
    }

    long maxTimestampBefore(int entry) {
        return timestamps[entry];
    }

    /** Position of the last indexed batch, 0 when there is none. */
    int lastPosition() {
        int entries = count;
        return entries == 0 ? 0 : positions[entries - 1];
    }

    /** The last entry at or below the offset, or -1 for the start of the segment. */
    int floorOffset(long relativeOffset) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] <= relativeOffset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The last entry at or below the position, or -1 for the start of the segment. */
    int floorPosition(long position) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The last entry before which all timestamps are below {@code timestampMs}, or -1 for the start of the segment. */
    int floorTimestamp(long timestampMs) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (timestamps[middle] < timestampMs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The entries of batches that begin before {@code position}. */
    SparseIndex until(int position) {
        int kept = floorPosition(position - 1L) + 1;
        SparseIndex copy = new SparseIndex();
        copy.offsets = Arrays.copyOf(offsets, kept);
        copy.positions = Arrays.copyOf(positions, kept);
        copy.timestamps = Arrays.copyOf(timestamps, kept);
        copy.count = kept;
        return copy;
    }
}
