package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Either {@code moves}, or a {@code strategy} over some topics, all when absent. {@code throttleBytesPerSecond} limits what
 * each node fetches for replicas that come to it; 0 lifts the limit, absent leaves it.
 */
public record ReassignmentSpec(
        @Nullable String strategy,
        @Nullable List<String> topics,
        @Nullable List<ReplicaMove> moves,
        @Nullable Integer maxMoves,
        @Nullable Long throttleBytesPerSecond) {}
