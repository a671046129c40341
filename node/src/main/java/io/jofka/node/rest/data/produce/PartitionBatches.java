package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The records of one request for one partition, as batches no larger than the topic allows. Not thread-safe. */
final class PartitionBatches {
    private final int number;
    private final int partition;
    private final BatchBuilder open;
    private final int maxBatchBytes;
    private final List<ByteBuffer> closed = new ArrayList<>(0);
    private int count;
    private int closedBytes;

    /** {@code number} counts the partitions of the request from 0. */
    PartitionBatches(int number, int partition, BatchBuilder open, int maxBatchBytes) {
        this.number = number;
        this.partition = partition;
        this.open = open;
        this.maxBatchBytes = maxBatchBytes;
    }

    int number() {
        return number;
    }

    int partition() {
        return partition;
    }

    /** Records so far. */
    int count() {
        return count;
    }

    /** Bytes so far, before compression. */
    int sizeBytes() {
        return closedBytes + open.sizeBytes();
    }

    /** False when the record is larger than a batch of this topic may be; nothing was added then. */
    boolean append(RecordFields record, long timestampMs) {
        long bound = BatchBuilder.upperBound(record.key, record.value, record.headers());
        if (open.recordCount() > 0 && open.sizeBytes() + bound > maxBatchBytes) {
            close();
        }
        open.append(timestampMs, record.key, record.value, record.headers());
        if (open.recordCount() == 1 && open.sizeBytes() > maxBatchBytes) {
            open.reset();
            return false;
        }
        count++;
        return true;
    }

    private void close() {
        ByteBuffer batch = open.build(0, -1);
        closed.add(batch);
        closedBytes += batch.remaining();
        open.reset();
    }

    void writtenBy(Producer producer) {
        open.producer(producer.id(), producer.epoch(), producer.sequence());
    }

    /** Whether all is in one batch, as a producer with sequences needs it. */
    boolean isOneBatch() {
        return closed.isEmpty();
    }

    /** Ends the building: all batches, one behind the other. */
    ByteBuffer build() {
        if (closed.isEmpty()) {
            return open.build(0, -1);
        }
        close();
        ByteBuffer all = ByteBuffer.allocate(closedBytes);
        for (ByteBuffer batch : closed) {
            all.put(batch);
        }
        return all.flip();
    }
}
