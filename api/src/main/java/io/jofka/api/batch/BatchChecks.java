package io.jofka.api.batch;

import io.jofka.api.fault.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks of batches that come from outside the node. All take the bytes between position and limit, move neither, and
 * never throw on bytes, whatever they are.
 *
 * <p>{@code structure} and {@code records} hold what callers send against what a producer may send: dense offsets, at
 * least one record. {@code storedStructure} and {@code storedRecords} are for batches of a log (replication, recovery),
 * where compaction leaves gaps, batches without records and delete horizons. Where Kafka's broker is laxer is listed in
 * docs/format.md.
 */
public final class BatchChecks {
    private BatchChecks() {}

    /**
     * Whole batches only, magic, sizes, counts, CRC, known codec and attributes, producer fields that fit each other.
     * Touches each byte once (CRC), allocates only the headers.
     *
     * @param maxBatchBytes largest batch, header included ({@code max.message.bytes})
     */
    public static BatchCheck structure(ByteBuffer batches, int maxBatchBytes) {
        return check(batches, (position, header) -> {
            sizes(batches, position, header, maxBatchBytes);
            sent(header);
        });
    }

    /** As {@link #structure}, for batches of a log. */
    public static BatchCheck storedStructure(ByteBuffer batches, int maxBatchBytes) {
        return check(batches, (position, header) -> {
            sizes(batches, position, header, maxBatchBytes);
            stored(header);
        });
    }

    /**
     * Every record parses, their number is as declared, offset deltas are 0, 1, 2 and so on. Inflates; makes no object
     * for a record. Assumes that {@link #structure} held, without trusting it.
     */
    public static BatchCheck records(ByteBuffer batches, InflationLimits limits) {
        return records(batches, limits, (header, record, timestampMs, keyBytes) -> {});
    }

    /** As {@link #records(ByteBuffer, InflationLimits)}, and shows each good record on the way. */
    public static BatchCheck records(ByteBuffer batches, InflationLimits limits, RecordVisitor visitor) {
        return check(batches, (position, header) -> walk(batches, position, header, limits, true, visitor));
    }

    /** Sees records without an object for each. A record may be shown before a later one is found bad. */
    @FunctionalInterface
    public interface RecordVisitor {
        /**
         * @param header of the batch
         * @param record index of the record in its batch, from 0
         * @param timestampMs the create time as sent
         * @param keyBytes length of the key, -1 for null
         */
        void record(BatchHeader header, int record, long timestampMs, int keyBytes);
    }

    /** As {@link #records(ByteBuffer, InflationLimits)}, for batches of a log: offset deltas rise and stay within the batch. */
    public static BatchCheck storedRecords(ByteBuffer batches, InflationLimits limits) {
        return check(
                batches,
                (position, header) ->
                        walk(batches, position, header, limits, false, (of, record, timestampMs, keyBytes) -> {}));
    }

    private static BatchCheck check(ByteBuffer batches, OneBatch check) {
        List<BatchHeader> headers = new ArrayList<>(1);
        int position = batches.position();
        try {
            if (!batches.hasRemaining()) {
                throw BadBatch.invalid("There is no batch.");
            }
            while (position < batches.limit()) {
                BatchHeader header = BatchHeader.read(batches, position);
                check.run(position, header);
                headers.add(header);
                position += header.sizeBytes();
            }
            return new BatchCheck.Valid(headers);
        } catch (BadBatch e) {
            return new BatchCheck.Invalid(e.fault(), e.detail(), headers.size());
        }
    }

    private static void sizes(ByteBuffer batches, int position, BatchHeader header, int maxBatchBytes) {
        if (header.sizeBytes() > maxBatchBytes) {
            throw new BadBatch(
                    Fault.RECORD_TOO_LARGE,
                    "The batch has " + header.sizeBytes() + " bytes; at most " + maxBatchBytes + " are allowed.");
        }
        if (header.sizeBytes() > batches.limit() - position) {
            throw BadBatch.corrupt("The batch declares " + header.sizeBytes() + " bytes; "
                    + (batches.limit() - position) + " are left.");
        }
        if (!BatchFields.crcMatches(batches, position)) {
            throw BadBatch.corrupt("The checksum of the batch is wrong.");
        }
    }

    private static void sent(BatchHeader header) {
        attributes(header);
        if (header.hasDeleteHorizon()) {
            throw BadBatch.invalid("A batch that is sent has no delete horizon.");
        }
        if (header.recordCount() < 1) {
            throw BadBatch.invalid("The batch declares " + header.recordCount() + " records.");
        }
        if (header.lastOffsetDelta() != header.recordCount() - 1) {
            throw BadBatch.invalid("The batch declares " + header.recordCount()
                    + " records, but its last offset delta is " + header.lastOffsetDelta() + ".");
        }
        if (header.compression() == Compression.NONE) {
            recordsFit(header);
        }
        if (header.isControl()) {
            return;
        }
        if (header.hasProducerId() && (header.producerEpoch() < 0 || header.baseSequence() < 0)) {
            throw BadBatch.invalid("The batch has a producer id, but epoch " + header.producerEpoch()
                    + " and base sequence " + header.baseSequence() + ".");
        }
        if (!header.hasProducerId() && header.isTransactional()) {
            throw BadBatch.invalid("The batch is transactional, but has no producer id.");
        }
    }

    private static void stored(BatchHeader header) {
        attributes(header);
        if (header.baseOffset() < 0
                || header.baseOffset() > Long.MAX_VALUE - 1 - Math.max(0, header.lastOffsetDelta())) {
            throw BadBatch.corrupt("The batch has the base offset " + header.baseOffset() + ".");
        }
        if (header.recordCount() < 0
                || header.lastOffsetDelta() < 0
                || header.recordCount() - 1 > header.lastOffsetDelta()) {
            throw BadBatch.invalid("The batch declares " + header.recordCount() + " records and the last offset delta "
                    + header.lastOffsetDelta() + ".");
        }
        if (header.compression() == Compression.NONE) {
            recordsFit(header);
        }
    }

    private static void attributes(BatchHeader header) {
        Compression codec = header.compression();
        if ((header.attributes() & ~BatchFields.KNOWN_ATTRIBUTES) != 0) {
            throw BadBatch.invalid("The batch has unknown attributes (codec " + codec.configName() + ", attributes "
                    + Integer.toHexString(header.attributes() & 0xffff) + ").");
        }
    }

    private static void recordsFit(BatchHeader header) {
        int bytes = header.sizeBytes() - BatchFields.HEADER_SIZE;
        if (header.recordCount() > bytes / RecordCursor.MIN_RECORD) {
            throw BadBatch.invalid("The batch declares " + header.recordCount() + " records in " + bytes + " bytes.");
        }
    }

    private static void walk(
            ByteBuffer batches,
            int position,
            BatchHeader header,
            InflationLimits limits,
            boolean dense,
            RecordVisitor visitor) {
        RecordCursor cursor = RecordCursor.open(batches, position, header, limits);
        int last = -1;
        for (int i = 0; i < header.recordCount(); i++) {
            cursor.next();
            if (dense ? cursor.offsetDelta != i : cursor.offsetDelta <= last) {
                throw BadBatch.invalid(
                        "Record " + i + " of the batch has the offset delta " + cursor.offsetDelta + ".");
            }
            last = cursor.offsetDelta;
            visitor.record(header, i, header.baseTimestampMs() + cursor.timestampDelta, cursor.keyLength);
        }
        if (!cursor.atEnd()) {
            throw BadBatch.invalid(cursor.remaining() + " bytes follow the last record of the batch.");
        }
        if (dense ? last != header.lastOffsetDelta() : last > header.lastOffsetDelta()) {
            throw BadBatch.invalid("The last record has the offset delta " + last + ", the batch declares "
                    + header.lastOffsetDelta() + ".");
        }
    }

    static BadBatch wrongMagic(byte magic) {
        return magic == 0 || magic == 1
                ? new BadBatch(
                        Fault.UNSUPPORTED_FORMAT,
                        "The message format " + magic + " is not supported; send record batches of format 2.")
                : BadBatch.corrupt("The batch has the magic " + magic + "; only 2 is known.");
    }

    static BadBatch unknownCodec(int id) {
        return new BadBatch(Fault.UNSUPPORTED_COMPRESSION, "No codec has the id " + id + ".");
    }

    /** One check of one batch; throws {@link BadBatch}. */
    @FunctionalInterface
    private interface OneBatch {
        void run(int position, BatchHeader header);
    }
}
