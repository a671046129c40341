package io.jofka.node.metadata;

import java.util.List;

/**
 * A partition: node ids of its replicas in order of preference, those in sync, the eligible leaders outside the ISR
 * (KIP-966). {@code leader} is -1 when there is none. {@code leaderEpoch} rises with every leader; {@code partitionEpoch}
 * with every change. While replicas move (KIP-455) {@code adding} and {@code removing} say which of {@code replicas} are
 * on their way in and out.
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> eligible,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> adding,
        List<Integer> removing) {
    /** A partition whose replicas stay where they are. */
    public PartitionImage(
            int partition,
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> eligible,
            int leader,
            int leaderEpoch,
            int partitionEpoch) {
        this(partition, replicas, isr, eligible, leader, leaderEpoch, partitionEpoch, List.of(), List.of());
    }

    public boolean isMoving() {
        return !adding.isEmpty() || !removing.isEmpty();
    }
}
