package io.jofka.node.storage;

/**
 * What a topic's configuration means to its log files. Values are already validated. Names and defaults are Kafka's.
 * A negative {@code retentionMs} or {@code retentionBytes} means no limit.
 *
 * @param producerExpiryMs compaction keeps the newest batch of a producer, for its sequence, until it is older than this
 *     ({@code producer.id.expiration.ms}; a setting of the node)
 */
public record LogConfig(
        long segmentBytes,
        long segmentMs,
        int indexIntervalBytes,
        long retentionMs,
        long retentionBytes,
        boolean delete,
        boolean compact,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        double minCleanableDirtyRatio,
        long producerExpiryMs) {}
