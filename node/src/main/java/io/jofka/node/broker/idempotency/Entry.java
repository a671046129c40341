package io.jofka.node.broker.idempotency;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a key: enough to repeat the request so that the log recognises it, and, once it is done, to
 * answer a repeat. The value of a record in the topic; its key is the idempotency key in UTF-8.
 *
 * @param digest SHA-256 of the request, 32 bytes
 * @param producerId stands in every batch of the request, with epoch 0 and sequence 0
 * @param partitions partition count of the topic when the request began: it fixes where each record goes
 * @param timeMs when it began; the time of records that have none
 * @param done whether all of it is appended; {@code results} is empty before
 */
public record Entry(
        byte[] digest, long producerId, int partitions, long timeMs, boolean done, List<PartitionResult> results) {
    private static final byte VERSION = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int FIXED_BYTES = 2 + DIGEST_BYTES + 8 + 4 + 8 + 4;
    private static final int RESULT_BYTES = 4 + 8 + 8 + 8;

    /** Where the records of one partition were appended; {@code logAppendTimeMs} is -1 unless the topic stamps it. */
    public record PartitionResult(int partition, long baseOffset, long lastOffset, long logAppendTimeMs) {}

    public Entry {
        if (digest.length != DIGEST_BYTES) {
            throw new IllegalArgumentException("a digest has 32 bytes");
        }
        results = List.copyOf(results);
    }

    static Entry started(byte[] digest, long producerId, int partitions, long timeMs) {
        return new Entry(digest, producerId, partitions, timeMs, false, List.of());
    }

    Entry finished(List<PartitionResult> all) {
        return new Entry(digest, producerId, partitions, timeMs, true, all);
    }

    boolean isOf(byte[] other) {
        return Arrays.equals(digest, other);
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + results.size() * RESULT_BYTES);
        out.put(VERSION).put((byte) (done ? 1 : 0)).put(digest);
        out.putLong(producerId).putInt(partitions).putLong(timeMs).putInt(results.size());
        for (PartitionResult result : results) {
            out.putInt(result.partition()).putLong(result.baseOffset());
            out.putLong(result.lastOffset()).putLong(result.logAppendTimeMs());
        }
        return out.flip();
    }

    /** Empty for bytes of another version, or that are no entry. */
    static Optional<Entry> decode(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate();
        try {
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            boolean done = in.get() == 1;
            byte[] digest = new byte[DIGEST_BYTES];
            in.get(digest);
            long producerId = in.getLong();
            int partitions = in.getInt();
            long timeMs = in.getLong();
            int count = in.getInt();
            if (partitions < 1 || count < 0 || count > in.remaining() / RESULT_BYTES) {
                return Optional.empty();
            }
            List<PartitionResult> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                results.add(new PartitionResult(in.getInt(), in.getLong(), in.getLong(), in.getLong()));
            }
            return Optional.of(new Entry(digest, producerId, partitions, timeMs, done, results));
        } catch (BufferUnderflowException tooShort) {
            return Optional.empty();
        }
    }
}
