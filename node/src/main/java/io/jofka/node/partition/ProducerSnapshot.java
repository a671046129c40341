package io.jofka.node.partition;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a {@link ProducerState} as of an offset. Layout, big-endian: version 2 bytes, offset 8, number of entries
 * 4, entries, CRC32C of all before it 4. An entry: producer id 8, epoch 2, last timestamp 8, last seen 8, start of the
 * open transaction 8, coordinator epoch 4, number of batches 1, and for each batch first and last sequence 4 each, base
 * and last offset 8 each, timestamp 8. Decoding takes no memory on the word of the bytes.
 */
public final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int HEAD = 2 + 8 + 4;
    private static final int ENTRY = 8 + 2 + 8 + 8 + 8 + 4 + 1;
    private static final int BATCH = 4 + 4 + 8 + 8 + 8;
    private static final int CRC = 4;

    private ProducerSnapshot() {}

    /** The state with all of the log below {@code offset} taken in. */
    public static byte[] encode(ProducerState state, long offset) {
        int size = HEAD + CRC;
        for (ProducerEntry entry : state.entries()) {
            size = Math.addExact(size, ENTRY + BATCH * entry.batches().size());
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putShort(VERSION).putLong(offset).putInt(state.size());
        for (ProducerEntry entry : state.entries()) {
            out.putLong(entry.producerId())
                    .putShort(entry.epoch())
                    .putLong(entry.lastTimestampMs())
                    .putLong(entry.lastSeenMs())
                    .putLong(entry.openTransactionStart())
                    .putInt(entry.coordinatorEpoch())
                    .put((byte) entry.batches().size());
            for (RememberedBatch batch : entry.batches()) {
                out.putInt(batch.firstSequence())
                        .putInt(batch.lastSequence())
                        .putLong(batch.baseOffset())
                        .putLong(batch.lastOffset())
                        .putLong(batch.timestampMs());
            }
        }
        out.putInt(crc(out.array(), out.position()));
        return out.array();
    }

    /** The state, or empty when the bytes are of another version, damaged, or not of {@code offset}. Never throws. */
    public static Optional<ProducerState> decode(byte[] bytes, long offset, int maxProducers) {
        if (bytes.length < HEAD + CRC) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int end = bytes.length - CRC;
        if (in.getInt(end) != crc(bytes, end) || in.getShort() != VERSION || in.getLong() != offset) {
            return Optional.empty();
        }
        in.limit(end);
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / ENTRY) {
            return Optional.empty();
        }
        ProducerState state = new ProducerState(maxProducers);
        try {
            for (int i = 0; i < count; i++) {
                Optional<ProducerEntry> entry = entry(in, offset);
                if (entry.isEmpty()) {
                    return Optional.empty();
                }
                state.put(entry.get());
            }
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
        return in.hasRemaining() ? Optional.empty() : Optional.of(state);
    }

    private static Optional<ProducerEntry> entry(ByteBuffer in, long offset) {
        long id = in.getLong();
        short epoch = in.getShort();
        long lastTimestampMs = in.getLong();
        long lastSeenMs = in.getLong();
        long open = in.getLong();
        int coordinatorEpoch = in.getInt();
        int batchCount = in.get();
        if (id < 0 || open < -1 || open >= offset || batchCount < 0 || batchCount > ProducerEntry.REMEMBERED) {
            return Optional.empty();
        }
        List<RememberedBatch> batches = new ArrayList<>(batchCount);
        for (int i = 0; i < batchCount; i++) {
            RememberedBatch batch =
                    new RememberedBatch(in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getLong());
            if (batch.firstSequence() < 0
                    || batch.lastSequence() < 0
                    || batch.baseOffset() < 0
                    || batch.lastOffset() < batch.baseOffset()
                    || batch.lastOffset() >= offset) {
                return Optional.empty();
            }
            batches.add(batch);
        }
        return Optional.of(new ProducerEntry(id, epoch, batches, lastTimestampMs, lastSeenMs, open, coordinatorEpoch));
    }

    private static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
