package io.jofka.api.batch;

import java.nio.ByteBuffer;

/**
 * Walks the records of one batch without making an object for each. After {@link #next} the fields tell where the parts
 * of the record are in {@link #data}; everything was bounds-checked, headers included. One thread.
 */
final class RecordCursor {
    /** Smallest record: length, attributes, two deltas, two null lengths, header count, each one byte. */
    static final int MIN_RECORD = 7;

    final ByteBuffer data;
    private final int end;
    private int position;

    int recordStart;
    /** First byte behind the timestamp delta: from here on a record does not depend on the batch's base timestamp. */
    int offsetDeltaStart;

    int recordEnd;
    long timestampDelta;
    int offsetDelta;
    int keyStart;
    /** -1 for null, as {@code valueLength}. */
    int keyLength;

    int valueStart;
    int valueLength;
    int headersStart;
    int headerCount;

    private RecordCursor(ByteBuffer data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
    }

    /** At the first record of a whole batch, inflated if need be. */
    static RecordCursor open(ByteBuffer buffer, int batchPosition, BatchHeader header, InflationLimits limits) {
        int from = batchPosition + BatchFields.HEADER_SIZE;
        int size = header.sizeBytes() - BatchFields.HEADER_SIZE;
        if (size > buffer.limit() - from) {
            throw BadBatch.corrupt("The batch declares " + header.sizeBytes() + " bytes; "
                    + (buffer.limit() - batchPosition) + " are left.");
        }
        Compression compression = header.compression();
        if (compression == Compression.NONE || (header.recordCount() == 0 && size == 0)) {
            if (size > limits.maxInflatedBytes()) {
                throw new Inflated((int) limits.maxInflatedBytes()).tooLarge();
            }
            return new RecordCursor(buffer, from, from + size);
        }
        byte[] deflated;
        int deflatedFrom;
        if (buffer.hasArray()) {
            deflated = buffer.array();
            deflatedFrom = buffer.arrayOffset() + from;
        } else {
            deflated = new byte[size];
            buffer.get(from, deflated);
            deflatedFrom = 0;
        }
        Inflated inflated = new Inflated(limits.allowedFor(size));
        Codec.of(compression).inflate(deflated, deflatedFrom, size, inflated);
        return new RecordCursor(ByteBuffer.wrap(inflated.bytes()), 0, inflated.size());
    }

    boolean atEnd() {
        return position == end;
    }

    int remaining() {
        return end - position;
    }

    /** Bytes up to the first record; then the end of the record that was read last. */
    int position() {
        return position;
    }

    /** Reads the record at the position. */
    void next() {
        recordStart = position;
        int length = varint(end);
        if (length < MIN_RECORD - 1 || length > end - position) {
            throw BadBatch.invalid("A record declares " + length + " bytes; " + (end - position) + " are left.");
        }
        recordEnd = position + length;
        position++; // record attributes: no bit has a meaning
        timestampDelta = varlong(recordEnd);
        offsetDeltaStart = position;
        offsetDelta = varint(recordEnd);
        keyLength = length("key");
        keyStart = position;
        position += Math.max(0, keyLength);
        valueLength = length("value");
        valueStart = position;
        position += Math.max(0, valueLength);
        headerCount = varint(recordEnd);
        // a header is at least a name length and a value length
        if (headerCount < 0 || headerCount > (recordEnd - position) / 2) {
            throw BadBatch.invalid(
                    "A record declares " + headerCount + " headers in " + (recordEnd - position) + " bytes.");
        }
        headersStart = position;
        for (int i = 0; i < headerCount; i++) {
            int name = length("header name");
            if (name < 0) {
                throw BadBatch.invalid("A record has a header without a name.");
            }
            position += name;
            int value = length("header value");
            position += Math.max(0, value);
        }
        if (position != recordEnd) {
            throw BadBatch.invalid("A record has " + (recordEnd - position) + " bytes more than its parts need.");
        }
    }

    /** Moves to the headers of the current record, to read them again by {@link #length}. */
    void rewindToHeaders() {
        position = headersStart;
    }

    void skip(int bytes) {
        position += bytes;
    }

    /** A length of -1 (null) or more that fits into the current record. */
    int length(String what) {
        int length = varint(recordEnd);
        if (length < -1 || length > recordEnd - position) {
            throw BadBatch.invalid("The " + what + " of a record declares " + length + " bytes; "
                    + (recordEnd - position) + " are left.");
        }
        return length;
    }

    private int varint(int limit) {
        if (position < limit) {
            int first = data.get(position);
            if (first >= 0) {
                position++;
                return (first >>> 1) ^ -(first & 1);
            }
        }
        long raw = unsigned(limit, 32);
        int bits = (int) raw;
        return (bits >>> 1) ^ -(bits & 1);
    }

    private long varlong(int limit) {
        long raw = unsigned(limit, 64);
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** Little-endian groups of seven bits; refuses what does not fit into {@code width} bits. */
    private long unsigned(int limit, int width) {
        long value = 0;
        for (int shift = 0; shift < width; shift += 7) {
            if (position >= limit) {
                throw BadBatch.invalid("A record ends within a number.");
            }
            byte group = data.get(position++);
            int bits = group & 0x7f;
            if (width - shift < 7 && bits >>> (width - shift) != 0) {
                break;
            }
            value |= (long) bits << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw BadBatch.invalid("A record holds a number of more than " + width + " bits.");
    }
}
