package io.jofka.api.batch;

import java.nio.ByteBuffer;

/** The last steps of writing a batch. */
final class BatchBytes {
    private BatchBytes() {}

    /**
     * A buffer of the whole batch, header still empty, from an array that holds records behind the room for the header.
     * Without a codec it is a view of that array, else a new one.
     */
    static ByteBuffer finish(byte[] bytes, int size, Compression codec, int level) {
        if (codec == Compression.NONE || size == BatchFields.HEADER_SIZE) {
            return ByteBuffer.wrap(bytes, 0, size);
        }
        Codec with = Codec.of(codec);
        int count = size - BatchFields.HEADER_SIZE;
        byte[] out = new byte[BatchFields.HEADER_SIZE + with.maxDeflated(count)];
        int deflated = with.deflate(bytes, BatchFields.HEADER_SIZE, count, out, BatchFields.HEADER_SIZE, level);
        return ByteBuffer.wrap(out, 0, BatchFields.HEADER_SIZE + deflated);
    }

    /** Writes all header fields at position 0; the size is the buffer's limit. The CRC comes last. */
    static void putHeader(ByteBuffer batch, BatchHeader header) {
        batch.putLong(BatchFields.BASE_OFFSET, header.baseOffset());
        batch.putInt(BatchFields.LENGTH, batch.limit() - BatchFields.LOG_OVERHEAD);
        batch.putInt(BatchFields.LEADER_EPOCH, header.leaderEpoch());
        batch.put(BatchFields.MAGIC, BatchFields.CURRENT_MAGIC);
        batch.putShort(BatchFields.ATTRIBUTES, header.attributes());
        batch.putInt(BatchFields.LAST_OFFSET_DELTA, header.lastOffsetDelta());
        batch.putLong(BatchFields.BASE_TIMESTAMP, header.baseTimestampMs());
        batch.putLong(BatchFields.MAX_TIMESTAMP, header.maxTimestampMs());
        batch.putLong(BatchFields.PRODUCER_ID, header.producerId());
        batch.putShort(BatchFields.PRODUCER_EPOCH, header.producerEpoch());
        batch.putInt(BatchFields.BASE_SEQUENCE, header.baseSequence());
        batch.putInt(BatchFields.RECORD_COUNT, header.recordCount());
        BatchFields.writeCrc(batch, 0);
    }
}
