package io.jofka.api.model;

import java.util.Map;
import java.util.UUID;

/** A topic; indexes are of the metadata log, {@code changedIndex} is its version. */
public record Topic(
        String name,
        UUID id,
        boolean internal,
        int partitions,
        int replicationFactor,
        int underReplicatedPartitions,
        int offlinePartitions,
        Map<String, String> configs,
        long createdIndex,
        long changedIndex) {}
