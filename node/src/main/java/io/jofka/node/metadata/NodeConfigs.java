package io.jofka.node.metadata;

import io.jofka.node.metadata.ConfigCheck.Flag;
import io.jofka.node.metadata.ConfigCheck.Whole;
import io.jofka.node.metadata.ConfigKey.Effect;
import io.jofka.node.metadata.ConfigKey.ValueType;
import java.util.ArrayList;
import java.util.List;

/**
 * The dynamic configuration keys of nodes and of the cluster-wide default: what new topics get, and under Kafka's node
 * names every topic default.
 */
public final class NodeConfigs {
    public static final String NUM_PARTITIONS = "num.partitions";
    public static final String DEFAULT_REPLICATION_FACTOR = "default.replication.factor";
    /** Bytes a second that a node fetches for replicas that are on their way to it. */
    public static final String MOVE_RATE = "follower.replication.throttled.rate";

    public static final String AUTO_CREATE_TOPICS = "auto.create.topics.enable";

    private static final ConfigTable TABLE = new ConfigTable(rows());

    private NodeConfigs() {}

    public static ConfigTable table() {
        return TABLE;
    }

    private static List<ConfigKey> rows() {
        List<ConfigKey> rows = new ArrayList<>();
        rows.add(new ConfigKey(
                AUTO_CREATE_TOPICS,
                ValueType.BOOLEAN,
                "true",
                new Flag(),
                "",
                Effect.HONOURED,
                "Whether asking for the metadata of a missing topic creates it."));
        rows.add(new ConfigKey(
                DEFAULT_REPLICATION_FACTOR,
                ValueType.INT,
                "1",
                new Whole(1, Short.MAX_VALUE),
                "",
                Effect.HONOURED,
                "Replicas of a topic that is created without saying how many."));
        rows.add(new ConfigKey(
                MOVE_RATE,
                ValueType.LONG,
                Long.toString(Long.MAX_VALUE),
                new Whole(1, Long.MAX_VALUE),
                "",
                Effect.HONOURED,
                "Bytes a second that a node fetches for replicas that are being moved to it, until they are in sync."));
        rows.add(new ConfigKey(
                "leader.replication.throttled.rate",
                ValueType.LONG,
                Long.toString(Long.MAX_VALUE),
                new Whole(1, Long.MAX_VALUE),
                "",
                Effect.ACCEPTED,
                "No effect: moves are limited where they arrive, by follower.replication.throttled.rate."));
        rows.add(new ConfigKey(
                NUM_PARTITIONS,
                ValueType.INT,
                "1",
                new Whole(1, Integer.MAX_VALUE),
                "",
                Effect.HONOURED,
                "Partitions of a topic that is created without saying how many."));
        for (ConfigKey key : TopicConfigs.table().keys()) {
            if (!key.nodeKey().isEmpty()) {
                rows.add(new ConfigKey(
                        key.nodeKey(),
                        key.type(),
                        key.defaultValue(),
                        key.check(),
                        "",
                        key.effect(),
                        "Default of the topic configuration " + key.name() + "."));
            }
        }
        return rows;
    }
}
