package io.jofka.node.metadata;

import io.jofka.node.metadata.ConfigCheck.Flag;
import io.jofka.node.metadata.ConfigCheck.ListOf;
import io.jofka.node.metadata.ConfigCheck.OneOf;
import io.jofka.node.metadata.ConfigCheck.Real;
import io.jofka.node.metadata.ConfigCheck.ReplicaList;
import io.jofka.node.metadata.ConfigCheck.Whole;
import io.jofka.node.metadata.ConfigCheck.WholeOrMinusOne;
import io.jofka.node.metadata.ConfigKey.Effect;
import io.jofka.node.metadata.ConfigKey.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration keys of topics: Kafka 4.4's names, defaults and ranges, and {@code durability}. */
public final class TopicConfigs {
    private static final String NEVER = Long.toString(Long.MAX_VALUE);
    private static final Whole ANY_TIME = new Whole(0, Long.MAX_VALUE);

    private static final ConfigTable TABLE = new ConfigTable(List.of(
            honoured(
                    "cleanup.policy",
                    ValueType.LIST,
                    "delete",
                    new ListOf(List.of("compact", "delete")),
                    "log.cleanup.policy",
                    "What becomes of old segments: 'delete' drops them by time and size, 'compact' keeps the newest"
                            + " record of every key; both may be given, and none keeps everything."),
            honoured(
                    "compression.type",
                    ValueType.STRING,
                    "producer",
                    new OneOf(List.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")),
                    "compression.type",
                    "Codec of stored batches; 'producer' keeps what the producer sent."),
            honoured(
                    "compression.gzip.level",
                    ValueType.INT,
                    "-1",
                    new WholeOrMinusOne(1, 9),
                    "compression.gzip.level",
                    "Level when compression.type is gzip; -1 is the codec's default."),
            honoured(
                    "compression.lz4.level",
                    ValueType.INT,
                    "9",
                    new Whole(1, 17),
                    "compression.lz4.level",
                    "Level when compression.type is lz4."),
            honoured(
                    "compression.zstd.level",
                    ValueType.INT,
                    "3",
                    new Whole(-131072, 22),
                    "compression.zstd.level",
                    "Level when compression.type is zstd."),
            honoured(
                    "delete.retention.ms",
                    ValueType.LONG,
                    "86400000",
                    ANY_TIME,
                    "log.cleaner.delete.retention.ms",
                    "How long a compacted topic keeps tombstones."),
            honoured(
                    "durability",
                    ValueType.STRING,
                    "forced",
                    new OneOf(List.of("forced", "replicated")),
                    "log.durability",
                    "When acks=all answers: 'forced' after the record is forced to disk on every replica that counts,"
                            + " 'replicated' after it is in the page cache of each (Kafka's level)."),
            accepted(
                    "file.delete.delay.ms",
                    ValueType.LONG,
                    "60000",
                    ANY_TIME,
                    "log.segment.delete.delay.ms",
                    "No effect: the files of a dropped segment go at once; who is reading one reads on."),
            accepted(
                    "flush.messages",
                    ValueType.LONG,
                    NEVER,
                    new Whole(1, Long.MAX_VALUE),
                    "log.flush.interval.messages",
                    "No effect: when data is forced follows from durability."),
            accepted(
                    "flush.ms",
                    ValueType.LONG,
                    NEVER,
                    ANY_TIME,
                    "log.flush.interval.ms",
                    "No effect: when data is forced follows from durability."),
            accepted(
                    "follower.replication.throttled.replicas",
                    ValueType.LIST,
                    "",
                    new ReplicaList(),
                    "",
                    "No effect: the throttle holds for all replicas that are being moved."),
            honoured(
                    "index.interval.bytes",
                    ValueType.INT,
                    "4096",
                    new Whole(0, Integer.MAX_VALUE),
                    "log.index.interval.bytes",
                    "Bytes of log between two entries of the offset index."),
            accepted(
                    "leader.replication.throttled.replicas",
                    ValueType.LIST,
                    "",
                    new ReplicaList(),
                    "",
                    "No effect: the throttle holds for all replicas that are being moved."),
            honoured(
                    "max.compaction.lag.ms",
                    ValueType.LONG,
                    NEVER,
                    new Whole(1, Long.MAX_VALUE),
                    "log.cleaner.max.compaction.lag.ms",
                    "A record of a compacted topic is compacted at the latest after this time."),
            honoured(
                    "max.message.bytes",
                    ValueType.INT,
                    "1048588",
                    new Whole(0, Integer.MAX_VALUE),
                    "message.max.bytes",
                    "Largest record batch, as sent."),
            accepted(
                    "message.downconversion.enable",
                    ValueType.BOOLEAN,
                    "true",
                    new Flag(),
                    "log.message.downconversion.enable",
                    "No effect: old record formats are not served."),
            honoured(
                    "message.timestamp.after.max.ms",
                    ValueType.LONG,
                    "3600000",
                    ANY_TIME,
                    "log.message.timestamp.after.max.ms",
                    "How far a record's create time may lie in the future."),
            honoured(
                    "message.timestamp.before.max.ms",
                    ValueType.LONG,
                    NEVER,
                    ANY_TIME,
                    "log.message.timestamp.before.max.ms",
                    "How far a record's create time may lie in the past."),
            honoured(
                    "message.timestamp.type",
                    ValueType.STRING,
                    "CreateTime",
                    new OneOf(List.of("CreateTime", "LogAppendTime")),
                    "log.message.timestamp.type",
                    "Whether a record's time is the producer's or the time of the append."),
            honoured(
                    "min.cleanable.dirty.ratio",
                    ValueType.DOUBLE,
                    "0.5",
                    new Real(0, 1),
                    "log.cleaner.min.cleanable.ratio",
                    "Share of not yet compacted bytes from which a log is compacted."),
            honoured(
                    "min.compaction.lag.ms",
                    ValueType.LONG,
                    "0",
                    ANY_TIME,
                    "log.cleaner.min.compaction.lag.ms",
                    "A record is not compacted before this time."),
            honoured(
                    "min.insync.replicas",
                    ValueType.INT,
                    "1",
                    new Whole(1, Integer.MAX_VALUE),
                    "min.insync.replicas",
                    "Replicas in sync, the leader included, without which acks=all is refused."),
            accepted(
                    "preallocate",
                    ValueType.BOOLEAN,
                    "false",
                    new Flag(),
                    "log.preallocate",
                    "No effect: segments grow as they are written."),
            honoured(
                    "retention.bytes",
                    ValueType.LONG,
                    "-1",
                    new Whole(-1, Long.MAX_VALUE),
                    "log.retention.bytes",
                    "Size of a partition from which its oldest segments are dropped; -1 is no limit."),
            honoured(
                    "retention.ms",
                    ValueType.LONG,
                    "604800000",
                    new Whole(-1, Long.MAX_VALUE),
                    "log.retention.ms",
                    "Age from which segments are dropped; -1 is no limit."),
            honoured(
                    "segment.bytes",
                    ValueType.INT,
                    "1073741824",
                    new Whole(1 << 20, Integer.MAX_VALUE),
                    "log.segment.bytes",
                    "Size at which a new segment is begun."),
            accepted(
                    "segment.index.bytes",
                    ValueType.INT,
                    "10485760",
                    new Whole(4, Integer.MAX_VALUE),
                    "log.index.size.max.bytes",
                    "No effect: indexes are not preallocated and grow with their segment."),
            accepted(
                    "segment.jitter.ms",
                    ValueType.LONG,
                    "0",
                    ANY_TIME,
                    "log.roll.jitter.ms",
                    "No effect: segments roll when they are written to, not all at once."),
            honoured(
                    "segment.ms",
                    ValueType.LONG,
                    "604800000",
                    new Whole(1, Long.MAX_VALUE),
                    "log.roll.ms",
                    "Age at which a new segment is begun, even when the old one is not full."),
            accepted(
                    "unclean.leader.election.enable",
                    ValueType.BOOLEAN,
                    "false",
                    new Flag(),
                    "unclean.leader.election.enable",
                    "No effect: a replica that may lack records leads only when a person asks for it.")));

    private TopicConfigs() {}

    public static ConfigTable table() {
        return TABLE;
    }

    /** What is wrong with settings that are valid one by one; empty when they fit together. */
    static Optional<String> conflict(Map<String, String> configs) {
        String min = configs.get("min.compaction.lag.ms");
        String max = configs.get("max.compaction.lag.ms");
        if (min != null && max != null && Long.parseLong(min.strip()) > Long.parseLong(max.strip())) {
            return Optional.of("min.compaction.lag.ms must not be above max.compaction.lag.ms");
        }
        return Optional.empty();
    }

    private static ConfigKey honoured(
            String name, ValueType type, String value, ConfigCheck check, String nodeKey, String doc) {
        return new ConfigKey(name, type, value, check, nodeKey, Effect.HONOURED, doc);
    }

    private static ConfigKey accepted(
            String name, ValueType type, String value, ConfigCheck check, String nodeKey, String doc) {
        return new ConfigKey(name, type, value, check, nodeKey, Effect.ACCEPTED, doc);
    }
}
