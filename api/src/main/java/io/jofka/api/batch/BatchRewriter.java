package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Writes a stored batch anew, for compaction and for a topic that asks for another codec. Offsets, offset deltas, base
 * and log-append timestamps, leader epoch and producer fields stay; only the codec, the set of records, the max
 * timestamp and, if asked for, the delete horizon change. Records that stay are copied as bytes, not decoded. Not
 * thread-safe.
 */
public final class BatchRewriter {
    private final Compression codec;
    private final int level;
    private final InflationLimits limits;

    /** The codec and level of the batches to write; as in {@link BatchBuilder}. */
    public BatchRewriter(Compression codec, int level, InflationLimits limits) {
        this.codec = codec;
        this.level = level;
        this.limits = limits;
    }

    /**
     * The batch at {@code position} with another codec and all of its records.
     *
     * @throws BadBatch if it cannot be read
     */
    public ByteBuffer recompress(ByteBuffer buffer, int position) {
        return rewrite(buffer, position, record -> true, OptionalLong.empty());
    }

    /**
     * The batch with only the records that {@code keep} accepts, in a new heap buffer from position 0 to the limit. It
     * may be left without records: such a batch still holds its offsets, producer and sequence, as KIP-98 needs for the
     * last batch of a producer.
     *
     * @param deleteHorizonMs what to write as the time after which tombstones may go, in ms since the epoch; ignored if
     *     the batch has one already (KIP-534)
     * @throws BadBatch if the batch cannot be read
     */
    public ByteBuffer rewrite(
            ByteBuffer buffer, int position, Predicate<LogRecord> keep, OptionalLong deleteHorizonMs) {
        BatchReader reader = BatchReader.of(buffer, position, limits);
        BatchHeader header = reader.header();
        boolean moveBase = deleteHorizonMs.isPresent() && !header.hasDeleteHorizon();
        long baseTimestamp = moveBase ? deleteHorizonMs.getAsLong() : header.baseTimestampMs();
        BatchReader.Records records = reader.iterator();
        Kept kept = new Kept(header.sizeBytes());
        long maxTimestamp = -1;
        while (records.hasNext()) {
            LogRecord record = records.next();
            if (keep.test(record)) {
                kept.add(records.cursor(), header.baseTimestampMs() - baseTimestamp);
                maxTimestamp = Math.max(maxTimestamp, record.timestampMs());
            }
        }
        int flags = (header.attributes() & ~BatchFields.CODEC_MASK) | codec.id();
        if (moveBase) {
            flags |= BatchFields.DELETE_HORIZON_FLAG;
        }
        ByteBuffer batch = BatchBytes.finish(kept.bytes, kept.size, codec, level);
        BatchHeader rewritten = new BatchHeader(
                header.baseOffset(),
                batch.limit(),
                header.leaderEpoch(),
                (short) flags,
                header.lastOffsetDelta(),
                baseTimestamp,
                header.isLogAppendTime() || kept.count == header.recordCount() ? header.maxTimestampMs() : maxTimestamp,
                header.producerId(),
                header.producerEpoch(),
                header.baseSequence(),
                kept.count);
        BatchBytes.putHeader(batch, rewritten);
        return batch;
    }

    /** The records that stay, behind the room for a header. */
    private static final class Kept {
        private byte[] bytes;
        private int size = BatchFields.HEADER_SIZE;
        private int count;

        Kept(int guess) {
            bytes = new byte[Math.max(guess, BatchFields.HEADER_SIZE)];
        }

        void add(RecordCursor record, long timestampShift) {
            if (timestampShift == 0) {
                copy(record, record.recordStart);
            } else {
                long delta = record.timestampDelta + timestampShift;
                int length = 1 + Varints.sizeOf(delta) + record.recordEnd - record.offsetDeltaStart;
                ensure(16);
                size = Varints.put(bytes, size, length);
                bytes[size++] = 0; // record attributes
                size = Varints.put(bytes, size, delta);
                copy(record, record.offsetDeltaStart);
            }
            count++;
        }

        private void copy(RecordCursor record, int from) {
            int length = record.recordEnd - from;
            ensure(length);
            record.data.get(from, bytes, size, length);
            size += length;
        }

        private void ensure(int more) {
            if (more > bytes.length - size) {
                bytes = Arrays.copyOf(
                        bytes, Math.max(Math.addExact(size, more), (int) Math.min(2L * bytes.length, 1 << 30)));
            }
        }
    }
}
