package io.jofka.api.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to create; absent numbers are the defaults of the node. Values of configurations are text, numbers, booleans or lists of text. */
public record TopicSpec(
        String name,
        @Nullable Integer partitions,
        @Nullable Integer replicationFactor,
        @Nullable List<PartitionAssignment> assignment,
        @Nullable Map<String, @Nullable Object> configs) {}
