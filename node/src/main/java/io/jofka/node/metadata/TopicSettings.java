package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The configuration of a topic that is in force, typed. Names are those of the keys ({@link TopicConfigs}); times in
 * milliseconds; a negative retention is no limit.
 *
 * @param forced acks=all waits for forced writes ({@code durability=forced})
 * @param logAppendTime the append sets the records' time
 * @param compressionType a codec's name, {@code uncompressed} or {@code producer}
 */
public record TopicSettings(
        boolean delete,
        boolean compact,
        String compressionType,
        int gzipLevel,
        int lz4Level,
        int zstdLevel,
        long deleteRetentionMs,
        boolean forced,
        int indexIntervalBytes,
        long maxCompactionLagMs,
        int maxMessageBytes,
        long timestampAfterMaxMs,
        long timestampBeforeMaxMs,
        boolean logAppendTime,
        double minCleanableDirtyRatio,
        long minCompactionLagMs,
        int minInsyncReplicas,
        long retentionBytes,
        long retentionMs,
        int segmentBytes,
        long segmentMs) {
    /** The built-in defaults with some settings on top, without any node or cluster default. */
    public static TopicSettings of(Map<String, String> configs) {
        return of(key -> configs.getOrDefault(key.name(), key.defaultValue()));
    }

    static TopicSettings of(Function<ConfigKey, String> values) {
        Values of = new Values(values);
        List<String> policy = ConfigLists.split(of.text("cleanup.policy"));
        return new TopicSettings(
                policy.contains("delete"),
                policy.contains("compact"),
                of.text("compression.type"),
                of.whole("compression.gzip.level"),
                of.whole("compression.lz4.level"),
                of.whole("compression.zstd.level"),
                of.number("delete.retention.ms"),
                of.text("durability").equals("forced"),
                of.whole("index.interval.bytes"),
                of.number("max.compaction.lag.ms"),
                of.whole("max.message.bytes"),
                of.number("message.timestamp.after.max.ms"),
                of.number("message.timestamp.before.max.ms"),
                of.text("message.timestamp.type").equals("LogAppendTime"),
                Double.parseDouble(of.text("min.cleanable.dirty.ratio")),
                of.number("min.compaction.lag.ms"),
                of.whole("min.insync.replicas"),
                of.number("retention.bytes"),
                of.number("retention.ms"),
                of.whole("segment.bytes"),
                of.number("segment.ms"));
    }

    private record Values(Function<ConfigKey, String> source) {
        String text(String name) {
            return source.apply(TopicConfigs.table().key(name).orElseThrow()).strip();
        }

        int whole(String name) {
            return Integer.parseInt(text(name));
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }
    }
}
