package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of the v2 record batch header (KIP-98; drawn in docs/format.md): where each field is, and the few that are
 * changed in place. Buffers are big-endian, heap or direct; no method moves position or limit. {@code position} is that
 * of the first byte of a batch; all but {@link #sizeAt} ask for a whole batch there.
 */
public final class BatchFields {
    public static final int BASE_OFFSET = 0;
    public static final int LENGTH = 8;
    public static final int LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    /** First byte that the CRC covers; it goes to the end of the batch. */
    public static final int ATTRIBUTES = 21;

    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;

    /** Size of the header; the records follow. */
    public static final int HEADER_SIZE = 61;
    /** Bytes of base offset and length, which the length field does not count. */
    public static final int LOG_OVERHEAD = 12;

    /** The only magic that is read or written. */
    public static final byte CURRENT_MAGIC = 2;

    public static final int CODEC_MASK = 0x07;
    /** Set: every record has the batch's max timestamp, which the leader wrote. */
    public static final int LOG_APPEND_TIME_FLAG = 0x08;

    public static final int TRANSACTIONAL_FLAG = 0x10;
    public static final int CONTROL_FLAG = 0x20;
    /** Set: the base timestamp is the time after which compaction may drop tombstones (KIP-534). */
    public static final int DELETE_HORIZON_FLAG = 0x40;

    /** Every attribute bit that has a meaning. */
    public static final int KNOWN_ATTRIBUTES = 0x7f;

    private BatchFields() {}

    /**
     * Size in bytes, length field included, that the batch at {@code position} declares. It is not checked against the
     * buffer. -1 when there are fewer than {@link #LOG_OVERHEAD} bytes or the length can be no batch's.
     */
    public static int sizeAt(ByteBuffer buffer, int position) {
        if (position < 0 || buffer.limit() - position < LOG_OVERHEAD) {
            return -1;
        }
        int length = buffer.getInt(position + LENGTH);
        return length < HEADER_SIZE - LOG_OVERHEAD || length > Integer.MAX_VALUE - LOG_OVERHEAD
                ? -1
                : length + LOG_OVERHEAD;
    }

    /** Writes the offset of the first record; outside the CRC. */
    public static void setBaseOffset(ByteBuffer buffer, int position, long offset) {
        buffer.putLong(position + BASE_OFFSET, offset);
    }

    /** Writes the partition's leader epoch; outside the CRC. */
    public static void setLeaderEpoch(ByteBuffer buffer, int position, int epoch) {
        buffer.putInt(position + LEADER_EPOCH, epoch);
    }

    /** Stamps all records with the leader's time, in ms since the epoch, and recomputes the CRC. */
    public static void setLogAppendTime(ByteBuffer buffer, int position, long timestampMs) {
        short attributes = buffer.getShort(position + ATTRIBUTES);
        buffer.putShort(position + ATTRIBUTES, (short) (attributes | LOG_APPEND_TIME_FLAG));
        buffer.putLong(position + MAX_TIMESTAMP, timestampMs);
        writeCrc(buffer, position);
    }

    /** Writes the largest record time, in ms since the epoch, and recomputes the CRC. */
    public static void setMaxTimestamp(ByteBuffer buffer, int position, long timestampMs) {
        buffer.putLong(position + MAX_TIMESTAMP, timestampMs);
        writeCrc(buffer, position);
    }

    /** Writes the producer fields (KIP-98) and recomputes the CRC. */
    public static void setProducer(ByteBuffer buffer, int position, long id, short epoch, int baseSequence) {
        buffer.putLong(position + PRODUCER_ID, id);
        buffer.putShort(position + PRODUCER_EPOCH, epoch);
        buffer.putInt(position + BASE_SEQUENCE, baseSequence);
        writeCrc(buffer, position);
    }

    /** Whether the stored CRC is that of the bytes. False, too, when no whole batch is there. */
    public static boolean crcMatches(ByteBuffer buffer, int position) {
        int size = sizeAt(buffer, position);
        return size >= 0
                && size <= buffer.limit() - position
                && buffer.getInt(position + CRC) == crcOf(buffer, position, size);
    }

    static void writeCrc(ByteBuffer buffer, int position) {
        buffer.putInt(position + CRC, crcOf(buffer, position, sizeAt(buffer, position)));
    }

    private static int crcOf(ByteBuffer buffer, int position, int size) {
        CRC32C crc = new CRC32C();
        int from = position + ATTRIBUTES;
        int count = size - ATTRIBUTES;
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + from, count);
        } else {
            crc.update(buffer.slice(from, count));
        }
        return (int) crc.getValue();
    }
}
