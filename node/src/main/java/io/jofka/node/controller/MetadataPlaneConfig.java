package io.jofka.node.controller;

import io.jofka.node.consensus.RaftConfig;
import io.jofka.node.metadata.MetadataLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How a node keeps and serves the cluster's metadata.
 *
 * @param raft the metadata log; its folder also holds the H2 images
 * @param rack where the node stands; empty when not told
 * @param broker whether this node keeps partitions
 * @param controller whether it votes on the metadata
 * @param alone whether it is the only controller, and its own
 * @param logDirectories identities of the folders for partitions
 * @param startConfigs keys of the node configuration that were set at start; already validated
 * @param limits of topics and partitions
 * @param maxWaiting commands that may wait for the controller, 1 to 1,000,000; more are refused as overloaded
 * @param snapshotBytes bytes of records after which a snapshot is taken, 1 KiB to 1 GiB
 * @param snapshotIntervalMs time after which one is taken if there is anything new, 1 s to 7 days
 * @param producerIdBlock producer ids in one block, 1 to 1,000,000
 * @param startTimeoutMs how long start waits for a leader, 1 s to 1 h
 * @param heartbeats how nodes are watched
 */
public record MetadataPlaneConfig(
        RaftConfig raft,
        String rack,
        boolean broker,
        boolean controller,
        boolean alone,
        List<UUID> logDirectories,
        Map<String, String> startConfigs,
        MetadataLimits limits,
        int maxWaiting,
        long snapshotBytes,
        long snapshotIntervalMs,
        int producerIdBlock,
        int startTimeoutMs,
        HeartbeatConfig heartbeats) {
    public MetadataPlaneConfig {
        within("maxWaiting", maxWaiting, 1, 1_000_000);
        within("snapshotBytes", snapshotBytes, 1 << 10, 1 << 30);
        within("snapshotIntervalMs", snapshotIntervalMs, 1_000, 7L * 24 * 3_600_000);
        within("producerIdBlock", producerIdBlock, 1, 1_000_000);
        within("startTimeoutMs", startTimeoutMs, 1_000, 3_600_000);
        logDirectories = List.copyOf(logDirectories);
        startConfigs = Map.copyOf(startConfigs);
    }

    public static MetadataPlaneConfig defaults(Path directory, int nodeId) {
        return new MetadataPlaneConfig(
                RaftConfig.defaults(directory, nodeId),
                "",
                true,
                true,
                true,
                List.of(),
                Map.of(),
                MetadataLimits.defaults(),
                10_000,
                20 << 20,
                3_600_000,
                1_000,
                30_000,
                HeartbeatConfig.defaults());
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
