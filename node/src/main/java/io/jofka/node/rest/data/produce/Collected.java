package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a request on their way into batches: which partition each one goes to, and its place there, so that
 * results can be given in the order of the request. Not thread-safe.
 */
final class Collected {
    private final TopicTarget target;
    private final int fixedPartition;
    private final Placement placement;
    private final boolean oneBatch;
    private final long nowMs;

    private final List<PartitionBatches> batches = new ArrayList<>(2);
    private @Nullable Map<Integer, PartitionBatches> byPartition;
    private @Nullable PartitionBatches last;

    private int[] slotBatch = new int[4];
    private int[] slotIndex = new int[4];
    private long[] slotTime = new long[4];
    private int size;

    /**
     * @param fixedPartition the only partition allowed, or -1
     * @param placement for records that name no partition
     * @param oneBatch each partition's records must fit into one batch, as sequences need it
     * @param nowMs timestamp of records that have none
     */
    Collected(TopicTarget target, int fixedPartition, Placement placement, boolean oneBatch, long nowMs) {
        this.target = target;
        this.fixedPartition = fixedPartition;
        this.placement = placement;
        this.oneBatch = oneBatch;
        this.nowMs = nowMs;
    }

    /** Adds the record, or complains. */
    void add(RecordFields record, Place place, Complaints complaints) {
        int partition = partitionOf(record, place, complaints);
        if (partition < 0) {
            return;
        }
        long time = record.timestampMs < 0 ? nowMs : record.timestampMs;
        PartitionBatches into = batchesOf(partition);
        int index = into.count();
        if (!into.append(record, time)) {
            complaints.add(
                    Fault.RECORD_TOO_LARGE,
                    place.pointer(""),
                    "The record is larger than the " + target.maxMessageBytes()
                            + " bytes that max.message.bytes of topic '"
                            + target.topic().name() + "' allows.");
            return;
        }
        if (oneBatch && !into.isOneBatch()) {
            complaints.add(
                    Fault.RECORD_LIST_TOO_LARGE,
                    place.pointer(""),
                    "A request that can be repeated safely must fit into one batch of " + target.maxMessageBytes()
                            + " bytes for each partition; this record does not fit any more.");
            return;
        }
        slot(into, index, time);
    }

    private int partitionOf(RecordFields record, Place place, Complaints complaints) {
        if (record.partition < 0) {
            return fixedPartition >= 0 ? fixedPartition : placement.place(record.key, record.sizeBytes());
        }
        if (record.partition >= target.partitions()) {
            complaints.add(
                    Fault.INVALID_PARTITION,
                    place.pointer("/partition"),
                    "Partition " + record.partition + " does not exist; topic '"
                            + target.topic().name() + "' has " + target.partitions() + ".");
            return -1;
        }
        if (fixedPartition >= 0 && record.partition != fixedPartition) {
            complaints.add(
                    Fault.INVALID_PARTITION,
                    place.pointer("/partition"),
                    "The record names partition " + record.partition + ", the address partition " + fixedPartition
                            + ".");
            return -1;
        }
        return record.partition;
    }

    private PartitionBatches batchesOf(int partition) {
        PartitionBatches recent = last;
        if (recent != null && recent.partition() == partition) {
            return recent;
        }
        if (recent == null) {
            last = open(partition);
            return last;
        }
        Map<Integer, PartitionBatches> map = byPartition;
        if (map == null) {
            map = new HashMap<>();
            map.put(recent.partition(), recent);
            byPartition = map;
        }
        last = map.computeIfAbsent(partition, this::open);
        return last;
    }

    private PartitionBatches open(int partition) {
        BatchBuilder builder = new BatchBuilder(target.codec(), -1);
        PartitionBatches opened = new PartitionBatches(batches.size(), partition, builder, target.maxMessageBytes());
        batches.add(opened);
        return opened;
    }

    private void slot(PartitionBatches into, int index, long time) {
        if (size == slotBatch.length) {
            int larger = size * 4;
            slotBatch = Arrays.copyOf(slotBatch, larger);
            slotIndex = Arrays.copyOf(slotIndex, larger);
            slotTime = Arrays.copyOf(slotTime, larger);
        }
        slotBatch[size] = into.number();
        slotIndex[size] = index;
        slotTime[size] = time;
        size++;
    }

    /** Who stands in the header of every batch; only where each partition has one batch. */
    void writtenBy(Producer producer) {
        batches.forEach(of -> of.writtenBy(producer));
    }

    /** Number of records. */
    int size() {
        return size;
    }

    /** One entry for each partition that got records. */
    List<PartitionBatches> batches() {
        return batches;
    }

    /** Index in {@link #batches} of the record's partition. */
    int batchOf(int slot) {
        return slotBatch[slot];
    }

    /** The record's place among those of its partition. */
    int indexOf(int slot) {
        return slotIndex[slot];
    }

    long timeOf(int slot) {
        return slotTime[slot];
    }
}
