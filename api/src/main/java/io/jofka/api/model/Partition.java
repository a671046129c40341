package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition; offsets and size are those of the leader, or, where it does not answer, of the replica on the node that
 * answers, and absent where that has none. {@code adding} and {@code removing} are absent while no replicas move.
 */
public record Partition(
        String topic,
        int partition,
        @Nullable Integer leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Replica> replicas,
        List<Integer> isr,
        List<Integer> eligible,
        @Nullable List<Integer> adding,
        @Nullable List<Integer> removing,
        @Nullable Long logStartOffset,
        @Nullable Long lastStableOffset,
        @Nullable Long highWatermark,
        @Nullable Long logEndOffset,
        @Nullable Long sizeBytes,
        @Nullable String offlineReason) {}
