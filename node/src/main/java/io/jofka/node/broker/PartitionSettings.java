package io.jofka.node.broker;

import io.jofka.api.batch.Compression;
import io.jofka.node.metadata.TopicSettings;
import io.jofka.node.partition.LeaderRules;
import io.jofka.node.storage.LogConfig;
import java.util.Optional;

/**
 * A topic's configuration in force, cut for those who use it. Topics with equal settings should share one object.
 *
 * @param compression the codec to store with; empty: what the producer chose
 * @param compressionLevel level of that codec, -1 for its default
 */
public record PartitionSettings(
        TopicSettings topic,
        LogConfig log,
        LeaderRules rules,
        Optional<Compression> compression,
        int compressionLevel) {
    /** @param producerExpiryMs {@code producer.id.expiration.ms} of this node */
    public static PartitionSettings of(TopicSettings topic, long producerExpiryMs) {
        LogConfig log = new LogConfig(
                topic.segmentBytes(),
                topic.segmentMs(),
                topic.indexIntervalBytes(),
                topic.retentionMs(),
                topic.retentionBytes(),
                topic.delete(),
                topic.compact(),
                topic.deleteRetentionMs(),
                topic.minCompactionLagMs(),
                topic.maxCompactionLagMs(),
                topic.minCleanableDirtyRatio(),
                producerExpiryMs);
        LeaderRules rules = new LeaderRules(topic.forced(), topic.minInsyncReplicas(), topic.logAppendTime());
        Optional<Compression> codec = codec(topic.compressionType());
        return new PartitionSettings(
                topic, log, rules, codec, codec.map(c -> level(c, topic)).orElse(-1));
    }

    private static Optional<Compression> codec(String name) {
        return switch (name) {
            case "producer" -> Optional.empty();
            case "uncompressed" -> Optional.of(Compression.NONE);
            default ->
                Optional.of(Compression.byConfigName(name)
                        .orElseThrow(() -> new IllegalStateException("compression.type " + name)));
        };
    }

    private static int level(Compression codec, TopicSettings topic) {
        return switch (codec) {
            case NONE, SNAPPY -> -1;
            case GZIP -> topic.gzipLevel();
            case LZ4 -> topic.lz4Level();
            case ZSTD -> topic.zstdLevel();
        };
    }
}
