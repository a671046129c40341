package io.jofka.node.storage;

/**
 * What a topic's configuration means to its log files. Values are already validated. Names and defaults are Kafka's.
 * A negative {@code retentionMs} or {@code retentionBytes} means no limit.
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
        long fileDeleteDelayMs) {}
