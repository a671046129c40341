package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A move of replicas: where they will be, who comes and who goes; while it is under way, how far those that come are.
 * {@code remainingBytes} is an estimate by offsets.
 */
public record Reassignment(
        String topic,
        int partition,
        List<Integer> replicas,
        List<Integer> adding,
        List<Integer> removing,
        @Nullable List<Replica> progress,
        @Nullable Long remainingRecords,
        @Nullable Long remainingBytes) {}
