package io.jofka.api.batch;

import java.nio.ByteBuffer;

/** The fixed fields of a v2 record batch that the log and producer state need; times in ms since the epoch. */
public record BatchHeader(
        long baseOffset,
        int sizeBytes,
        int leaderEpoch,
        short attributes,
        int lastOffsetDelta,
        long baseTimestampMs,
        long maxTimestampMs,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int recordCount) {
    /**
     * Reads the header of the batch at {@code position}; the records behind it need not be in the buffer. Neither the
     * CRC nor the counts are checked.
     *
     * @throws BadBatch if no v2 header can be there
     */
    public static BatchHeader read(ByteBuffer buffer, int position) {
        if (position < 0 || buffer.limit() - position < BatchFields.HEADER_SIZE) {
            throw BadBatch.corrupt(
                    "A batch header has 61 bytes; only " + Math.max(0, buffer.limit() - position) + " are left.");
        }
        int size = BatchFields.sizeAt(buffer, position);
        if (size < 0) {
            throw BadBatch.corrupt(
                    "The batch declares the length " + buffer.getInt(position + BatchFields.LENGTH) + ".");
        }
        byte magic = buffer.get(position + BatchFields.MAGIC);
        if (magic != BatchFields.CURRENT_MAGIC) {
            throw BatchChecks.wrongMagic(magic);
        }
        return new BatchHeader(
                buffer.getLong(position + BatchFields.BASE_OFFSET),
                size,
                buffer.getInt(position + BatchFields.LEADER_EPOCH),
                buffer.getShort(position + BatchFields.ATTRIBUTES),
                buffer.getInt(position + BatchFields.LAST_OFFSET_DELTA),
                buffer.getLong(position + BatchFields.BASE_TIMESTAMP),
                buffer.getLong(position + BatchFields.MAX_TIMESTAMP),
                buffer.getLong(position + BatchFields.PRODUCER_ID),
                buffer.getShort(position + BatchFields.PRODUCER_EPOCH),
                buffer.getInt(position + BatchFields.BASE_SEQUENCE),
                buffer.getInt(position + BatchFields.RECORD_COUNT));
    }

    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }

    public long nextOffset() {
        return baseOffset + lastOffsetDelta + 1;
    }

    /**
     * The codec of the records.
     *
     * @throws BadBatch if its id is not known
     */
    public Compression compression() {
        int id = attributes & BatchFields.CODEC_MASK;
        return Compression.byId(id).orElseThrow(() -> BatchChecks.unknownCodec(id));
    }

    public boolean isLogAppendTime() {
        return (attributes & BatchFields.LOG_APPEND_TIME_FLAG) != 0;
    }

    public boolean isTransactional() {
        return (attributes & BatchFields.TRANSACTIONAL_FLAG) != 0;
    }

    public boolean isControl() {
        return (attributes & BatchFields.CONTROL_FLAG) != 0;
    }

    /** Whether {@code baseTimestampMs} is the time after which tombstones may go (KIP-534). */
    public boolean hasDeleteHorizon() {
        return (attributes & BatchFields.DELETE_HORIZON_FLAG) != 0;
    }

    public boolean hasProducerId() {
        return producerId >= 0;
    }

    /** Sequence of the last record, wrapping at 2^31 - 1 as KIP-98 says; -1 without a producer id. */
    public int lastSequence() {
        if (baseSequence < 0) {
            return -1;
        }
        long last = (long) baseSequence + lastOffsetDelta;
        return (int) (last > Integer.MAX_VALUE ? last - Integer.MAX_VALUE - 1 : last);
    }
}
