package io.jofka.node.metadata;

import java.util.List;

/**
 * A partition: node ids of its replicas in order of preference, those in sync, the eligible leaders outside the ISR
 * (KIP-966). {@code leader} is -1 when there is none. {@code leaderEpoch} rises with every leader; {@code partitionEpoch}
 * with every change.
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> eligible,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {}
