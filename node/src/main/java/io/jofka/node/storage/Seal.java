package io.jofka.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The {@code .index} file of a segment: its sparse index and what is known of the segment. It is written only after the
 * segment was forced at that size, so a good one whose size matches the segment also says that all of it is known to be
 * forced: recovery need not read the segment. It can always be made again from the segment, so it is not forced itself.
 */
record Seal(long baseOffset, long endOffset, int sizeBytes, long maxTimestampMs, EpochTable epochs, SparseIndex index) {
    private static final int KIND = 0x4a464958;
    private static final int VERSION = 1;

    /** Not forced: a lost one is made again. */
    void write(LogPaths paths) throws IOException {
        Checked.write(paths.context().disk(), paths.index(baseOffset), KIND, VERSION, content());
    }

    /** Durable: after compaction the segment ends below the next one, which without a seal looks like a lost end. */
    void writeDurably(LogPaths paths) throws IOException {
        Checked.replace(paths.context().disk(), paths.index(baseOffset), KIND, VERSION, content());
    }

    private ByteBuffer content() {
        int entries = index.count();
        ByteBuffer content =
                ByteBuffer.allocate(8 + 8 + 4 + 8 + epochs.sizeBytes() + 4 + entries * SparseIndex.ENTRY_BYTES);
        content.putLong(baseOffset).putLong(endOffset).putInt(sizeBytes).putLong(maxTimestampMs);
        epochs.write(content);
        content.putInt(entries);
        for (int i = 0; i < entries; i++) {
            content.putInt(index.relativeOffset(i)).putInt(index.position(i)).putLong(index.maxTimestampBefore(i));
        }
        return content.flip();
    }

    /** The seal of a segment whose file has {@code sizeBytes}; empty when absent, damaged or of another size. */
    static Optional<Seal> read(LogPaths paths, long baseOffset, long sizeBytes) throws IOException {
        Optional<ByteBuffer> content = Checked.read(paths.context().disk(), paths.index(baseOffset), KIND, VERSION);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer in = content.get();
        long base = in.getLong();
        long end = in.getLong();
        int size = in.getInt();
        long maxTimestamp = in.getLong();
        if (base != baseOffset || size != sizeBytes) {
            return Optional.empty();
        }
        EpochTable epochs = EpochTable.read(in);
        int entries = in.getInt();
        SparseIndex index = new SparseIndex();
        index.reserve(entries);
        for (int i = 0; i < entries; i++) {
            index.add(in.getInt(), in.getInt(), in.getLong());
        }
        return Optional.of(new Seal(base, end, size, maxTimestamp, epochs, index));
    }
}
