package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one batch: each record is copied once into an array behind the room for the header; {@link #build} fills the
 * header in and, with a codec, compresses into a second array. Not thread-safe. {@link #reset} makes it ready for the
 * next batch; the buffers that were built stay valid, they are given away.
 *
 * <p>Offsets are dense from 0 on, timestamps relative to the first record's, so that the batch passes {@link
 * BatchChecks}. A batch of more than about 2 GiB is a caller's fault ({@link IllegalStateException}): callers close a
 * batch by {@link #sizeBytes} long before that.
 */
public final class BatchBuilder {
    private static final int FIRST_CAPACITY = 1024;
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 64;
    private static final byte[][] NO_NAMES = {};

    private final Compression codec;
    private final int level;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int size = BatchFields.HEADER_SIZE;
    private int records;
    private boolean built;
    private long baseTimestamp = -1;
    private long maxTimestamp = -1;

    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int flags;

    /**
     * @param level the codec's own level (gzip 1 to 9, lz4 1 to 17, zstd -131072 to 22), -1 for its default; without a
     *     meaning for none and snappy
     */
    public BatchBuilder(Compression codec, int level) {
        this.codec = codec;
        this.level = level;
    }

    /** Producer fields of the batch (KIP-98), until changed; also after {@link #reset}. */
    public BatchBuilder producer(long id, short epoch, int firstSequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = firstSequence;
        return this;
    }

    /** Marks the batch as part of the producer's open transaction; also after {@link #reset}. */
    public BatchBuilder transactional() {
        flags |= BatchFields.TRANSACTIONAL_FLAG;
        return this;
    }

    BatchBuilder control() {
        flags |= BatchFields.CONTROL_FLAG;
        return this;
    }

    /** Copies a record into the batch; the buffers' positions are not moved. Time in ms since the epoch, -1 for none. */
    public void append(
            long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        if (built) {
            throw new IllegalStateException("the batch is built; reset the builder first");
        }
        if (records == 0) {
            baseTimestamp = timestampMs;
            maxTimestamp = timestampMs;
        } else if (timestampMs > maxTimestamp) {
            maxTimestamp = timestampMs;
        }
        long timestampDelta = timestampMs - baseTimestamp;
        int keyLength = key == null ? -1 : key.remaining();
        int valueLength = value == null ? -1 : value.remaining();
        byte[][] names = headers.isEmpty() ? NO_NAMES : namesOf(headers);
        long body = 1L
                + Varints.sizeOf(timestampDelta)
                + Varints.sizeOf(records)
                + Varints.sizeOf(keyLength)
                + Math.max(0, keyLength)
                + Varints.sizeOf(valueLength)
                + Math.max(0, valueLength)
                + Varints.sizeOf(names.length);
        for (int i = 0; i < names.length; i++) {
            ByteBuffer headerValue = headers.get(i).value();
            int length = headerValue == null ? -1 : headerValue.remaining();
            body += Varints.sizeOf(names[i].length) + names[i].length + Varints.sizeOf(length) + Math.max(0, length);
        }
        ensure(body + 5);
        byte[] out = bytes;
        int at = Varints.put(out, size, (int) body);
        out[at++] = 0; // record attributes
        at = Varints.put(out, at, timestampDelta);
        at = Varints.put(out, at, records);
        at = put(out, at, key, keyLength);
        at = put(out, at, value, valueLength);
        at = Varints.put(out, at, names.length);
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i];
            at = Varints.put(out, at, name.length);
            System.arraycopy(name, 0, out, at, name.length);
            ByteBuffer headerValue = headers.get(i).value();
            at = put(out, at + name.length, headerValue, headerValue == null ? -1 : headerValue.remaining());
        }
        size = at;
        records++;
    }

    public int recordCount() {
        return records;
    }

    /** Size of the batch without compression, header included, in bytes; exact when the codec is none. */
    public int sizeBytes() {
        return size;
    }

    /** The most bytes that a record of these parts adds to {@link #sizeBytes}. */
    public static long upperBound(@Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        long bound = 5 + 1 + 10 + 5 + 5 + 5 + 5;
        bound += key == null ? 0 : key.remaining();
        bound += value == null ? 0 : value.remaining();
        for (RecordHeader header : headers) {
            ByteBuffer value1 = header.value();
            bound += 10 + 3L * header.name().length() + (value1 == null ? 0 : value1.remaining());
        }
        return bound;
    }

    /**
     * Ends the batch and gives its bytes away, from position 0 to the limit of a heap buffer.
     *
     * @param baseOffset offset of the first record; 0 where a leader assigns it later
     * @param leaderEpoch -1 where a leader writes it later
     */
    public ByteBuffer build(long baseOffset, int leaderEpoch) {
        if (built || records == 0) {
            throw new IllegalStateException(built ? "the batch is built already" : "a batch has at least one record");
        }
        built = true;
        ByteBuffer batch = BatchBytes.finish(bytes, size, codec, level);
        if (codec == Compression.NONE) {
            bytes = new byte[0];
        }
        BatchHeader header = new BatchHeader(
                baseOffset,
                batch.limit(),
                leaderEpoch,
                (short) (flags | codec.id()),
                records - 1,
                baseTimestamp,
                maxTimestamp,
                producerId,
                producerEpoch,
                baseSequence,
                records);
        BatchBytes.putHeader(batch, header);
        return batch;
    }

    /** Forgets the records, built or not; codec, producer fields and transaction mark stay. */
    public void reset() {
        if (bytes.length == 0) {
            // the array went away with the last batch; the next is likely to be of its size
            bytes = new byte[Math.max(FIRST_CAPACITY, size + size / 16)];
        }
        size = BatchFields.HEADER_SIZE;
        records = 0;
        built = false;
        baseTimestamp = -1;
        maxTimestamp = -1;
    }

    private static byte[][] namesOf(List<RecordHeader> headers) {
        byte[][] names = new byte[headers.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = headers.get(i).name().getBytes(StandardCharsets.UTF_8);
        }
        return names;
    }

    private static int put(byte[] out, int at, @Nullable ByteBuffer part, int length) {
        int from = Varints.put(out, at, length);
        if (part == null) {
            return from;
        }
        part.get(part.position(), out, from, length);
        return from + length;
    }

    private void ensure(long more) {
        long needed = size + more;
        if (needed > bytes.length) {
            if (needed > MAX_CAPACITY) {
                throw new IllegalStateException("a batch of " + needed + " bytes is not possible");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * bytes.length)));
        }
    }
}
