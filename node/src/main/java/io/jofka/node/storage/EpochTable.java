package io.jofka.node.storage;

import io.jofka.node.storage.Log.EpochEnd;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Leader epochs and where each starts, rising in both (KIP-101). Immutable: a change makes a new table, so that readers
 * need no lock. Most logs have one entry.
 */
final class EpochTable {
    static final EpochTable EMPTY = new EpochTable(new int[0], new long[0]);

    private final int[] epochs;
    private final long[] starts;

    private EpochTable(int[] epochs, long[] starts) {
        this.epochs = epochs;
        this.starts = starts;
    }

    boolean isEmpty() {
        return epochs.length == 0;
    }

    int latest() {
        return epochs.length == 0 ? -1 : epochs[epochs.length - 1];
    }

    /** With {@code epoch} from {@code start} on; the same table unless the epoch is newer than all. */
    EpochTable with(int epoch, long start) {
        if (epoch <= latest()) {
            return this;
        }
        int kept = epochs.length;
        // an epoch that got no record leaves no trace
        while (kept > 0 && starts[kept - 1] >= start) {
            kept--;
        }
        int[] newEpochs = Arrays.copyOf(epochs, kept + 1);
        long[] newStarts = Arrays.copyOf(starts, kept + 1);
        newEpochs[kept] = epoch;
        newStarts[kept] = start;
        return new EpochTable(newEpochs, newStarts);
    }

    /** All of this table, then those entries of {@code later} that are newer. */
    EpochTable with(EpochTable later) {
        EpochTable result = this;
        for (int i = 0; i < later.epochs.length; i++) {
            result = result.with(later.epochs[i], later.starts[i]);
        }
        return result;
    }

    /** After everything at and above {@code end} is gone. */
    EpochTable before(long end) {
        int kept = epochs.length;
        while (kept > 0 && starts[kept - 1] >= end) {
            kept--;
        }
        return kept == epochs.length ? this : new EpochTable(Arrays.copyOf(epochs, kept), Arrays.copyOf(starts, kept));
    }

    /** After everything below {@code start} is gone: the epoch in force there now begins there. */
    EpochTable from(long start) {
        int first = 0;
        while (first + 1 < epochs.length && starts[first + 1] <= start) {
            first++;
        }
        if (epochs.length == 0 || (first == 0 && starts[0] >= start)) {
            return this;
        }
        long[] newStarts = Arrays.copyOfRange(starts, first, starts.length);
        newStarts[0] = Math.max(newStarts[0], start);
        return new EpochTable(Arrays.copyOfRange(epochs, first, epochs.length), newStarts);
    }

    /** The entries that begin in {@code [from, to)}, and the one in force at {@code from}. */
    EpochTable between(long from, long to) {
        return from(from).before(to);
    }

    /** See {@link Log#endOffsetFor}; an epoch older than all known ends where the oldest known begins. */
    EpochEnd endOffsetFor(int epoch, long logEnd) {
        if (epochs.length == 0 || epoch < 0) {
            return new EpochEnd(-1, -1);
        }
        if (epoch < epochs[0]) {
            return new EpochEnd(epoch, starts[0]);
        }
        int found = Arrays.binarySearch(epochs, epoch);
        int at = found >= 0 ? found : -found - 2;
        return new EpochEnd(epochs[at], at + 1 < starts.length ? starts[at + 1] : logEnd);
    }

    /** The epoch of a record, or -1. */
    int epochAt(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int at = found >= 0 ? found : -found - 2;
        return at < 0 ? -1 : epochs[at];
    }

    int sizeBytes() {
        return 4 + epochs.length * 12;
    }

    void write(ByteBuffer out) {
        out.putInt(epochs.length);
        for (int i = 0; i < epochs.length; i++) {
            out.putInt(epochs[i]).putLong(starts[i]);
        }
    }

    static EpochTable read(ByteBuffer in) {
        int count = in.getInt();
        if (count == 0) {
            return EMPTY;
        }
        int[] epochs = new int[count];
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            epochs[i] = in.getInt();
            starts[i] = in.getLong();
        }
        return new EpochTable(epochs, starts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EpochTable table
                && Arrays.equals(epochs, table.epochs)
                && Arrays.equals(starts, table.starts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(epochs) + Arrays.hashCode(starts);
    }

    @Override
    public String toString() {
        return Arrays.toString(epochs) + "@" + Arrays.toString(starts);
    }
}
