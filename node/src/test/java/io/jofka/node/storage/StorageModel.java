package io.jofka.node.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a log should hold, kept the simple way: a list of batches. */
final class StorageModel {
    record Batch(long base, long last, int epoch, long maxTimestampMs, List<Long> timestamps, byte[] bytes) {}

    record Snapshot(long offset, int digest) {}

    final List<Batch> batches = new ArrayList<>();
    long start;
    long end;
    /** Everything below was forced, and the log said so. */
    long forced;

    int epoch;

    void append(Batch batch) {
        batches.add(batch);
        end = batch.last + 1;
        epoch = Math.max(epoch, batch.epoch);
    }

    /** Keeps batches wholly below the offset. */
    void truncateTo(long offset) {
        while (!batches.isEmpty() && batches.getLast().last >= offset) {
            end = Math.min(offset, batches.removeLast().base);
        }
        forced = Math.min(forced, end);
        start = Math.min(start, end);
    }

    /** Nothing is left at or above the offset, and the next record gets it. */
    void restartAt(long offset) {
        truncateTo(offset);
        end = offset;
        start = offset;
        forced = Math.min(forced, end);
    }

    boolean isBoundary(long offset) {
        return offset == end || batches.stream().anyMatch(batch -> batch.base == offset);
    }

    /** Bytes of the batches that reach {@code from} and end below {@code to}. */
    ByteBuffer bytes(long from, long to) {
        List<Batch> inside = batches.stream()
                .filter(batch -> batch.last >= from && batch.last < to)
                .toList();
        ByteBuffer joined = ByteBuffer.allocate(
                inside.stream().mapToInt(batch -> batch.bytes.length).sum());
        inside.forEach(batch -> joined.put(batch.bytes));
        return joined.flip();
    }

    /** Stands for all that was written below the offset, also for what retention took since. */
    int digest(long offset) {
        int digest = 1;
        for (Batch batch : batches) {
            if (batch.last < offset) {
                digest = 31 * digest + java.util.Arrays.hashCode(batch.bytes);
            }
        }
        return digest;
    }

    /** The first record at or after the start with a timestamp of at least this, below the end offset; or -1. */
    long firstAtOrAfter(long timestampMs, long endOffset) {
        for (Batch batch : batches) {
            for (int i = 0; i < batch.timestamps.size(); i++) {
                long offset = batch.base + i;
                if (offset >= start && batch.timestamps.get(i) >= timestampMs) {
                    return offset < endOffset ? offset : -1;
                }
            }
        }
        return -1;
    }

    /** The first record with the largest timestamp in {@code [start, endOffset)}, or -1. */
    long largest(long endOffset) {
        long best = -1;
        long found = -1;
        for (Batch batch : batches) {
            for (int i = 0; i < batch.timestamps.size(); i++) {
                long offset = batch.base + i;
                if (offset >= start && offset < endOffset && batch.timestamps.get(i) > best) {
                    best = batch.timestamps.get(i);
                    found = offset;
                }
            }
        }
        return found;
    }
}
