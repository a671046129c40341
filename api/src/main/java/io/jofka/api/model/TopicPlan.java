package io.jofka.api.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a dry run would do; records and bytes are what a deletion would lose. */
public record TopicPlan(
        String name,
        int partitions,
        int replicationFactor,
        Map<String, String> configs,
        @Nullable Long records,
        @Nullable Long sizeBytes) {}
