package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition; the offsets and the size are of the replica on the node that answers, absent where it has none. */
public record Partition(
        String topic,
        int partition,
        @Nullable Integer leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Replica> replicas,
        List<Integer> isr,
        List<Integer> eligible,
        @Nullable Long logStartOffset,
        @Nullable Long lastStableOffset,
        @Nullable Long highWatermark,
        @Nullable Long logEndOffset,
        @Nullable Long sizeBytes,
        @Nullable String offlineReason) {}
