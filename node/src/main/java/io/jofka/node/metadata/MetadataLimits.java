package io.jofka.node.metadata;

/**
 * What the metadata machine allows.
 *
 * @param maxPartitionsPerTopic partitions, 1 to 100,000
 * @param maxPartitions partitions of all topics together, 1 to 200,000; one batch of the metadata log must be able to
 *     hold a change of each of them
 * @param maxReplicationFactor replicas of a partition, 1 to 127
 * @param maxConfigValueLength characters of one configuration value, 1 to 65,536
 * @param maxCommandBytes bytes of records that one command may make, at most 7 MiB
 */
public record MetadataLimits(
        int maxPartitionsPerTopic,
        int maxPartitions,
        int maxReplicationFactor,
        int maxConfigValueLength,
        int maxCommandBytes) {
    private static final int MIB = 1 << 20;

    public MetadataLimits {
        within("maxPartitionsPerTopic", maxPartitionsPerTopic, 100_000);
        within("maxPartitions", maxPartitions, 200_000);
        within("maxReplicationFactor", maxReplicationFactor, 127);
        within("maxConfigValueLength", maxConfigValueLength, 65_536);
        within("maxCommandBytes", maxCommandBytes, 7 * MIB);
    }

    public static MetadataLimits defaults() {
        return new MetadataLimits(10_000, 200_000, 16, 8_192, 7 * MIB);
    }

    private static void within(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be between 1 and " + max + ", not " + value);
        }
    }
}
