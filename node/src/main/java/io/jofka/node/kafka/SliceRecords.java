package io.jofka.node.kafka;

import io.jofka.node.storage.LogSlice;
import java.io.IOException;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.DefaultRecordsSend;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.apache.kafka.common.record.internal.TransferableRecords;

/**
 * A slice of the log as the codec wants to see records: never read, only its size is asked and its place kept. Owns the
 * slice; closing twice is harmless. Owned by one thread at a time.
 */
public final class SliceRecords implements TransferableRecords, AutoCloseable {
    private final LogSlice slice;
    private final int sizeBytes;
    private boolean closed;

    public SliceRecords(LogSlice slice) {
        this.slice = slice;
        this.sizeBytes = slice.sizeBytes();
    }

    @Override
    public int sizeInBytes() {
        return sizeBytes;
    }

    LogSlice slice() {
        return slice;
    }

    @Override
    public int writeTo(TransferableChannel channel, int position, int remaining) throws IOException {
        return (int) slice.transferTo(position, remaining, channel);
    }

    @Override
    public RecordsSend<SliceRecords> toSend() {
        return new DefaultRecordsSend<>(this);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            slice.close();
        }
    }
}
