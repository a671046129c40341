package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A topic: its partitions by number, and the configuration that was set explicitly. */
public record TopicImage(
        String name,
        UUID id,
        boolean internal,
        List<PartitionImage> partitions,
        Map<String, String> configs,
        long createdIndex,
        long changedIndex) {}
