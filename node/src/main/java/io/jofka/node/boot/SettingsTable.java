package io.jofka.node.boot;

import static io.jofka.node.boot.Setting.duration;
import static io.jofka.node.boot.Setting.flag;
import static io.jofka.node.boot.Setting.number;
import static io.jofka.node.boot.Setting.path;
import static io.jofka.node.boot.Setting.size;
import static io.jofka.node.boot.Setting.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every configuration key of a node. docs/config.md is generated from it. */
final class SettingsTable {
    /** Keys that begin so are ours alone: one that is not in the table is a mistake. */
    static final String PREFIX = "jofka.";

    private static final long DAY_MS = 86_400_000L;
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    static final List<Setting> ALL = List.of(
            number("server.node-id", 1, 0, Integer.MAX_VALUE, "Id of this node, unique in the cluster."),
            text("server.address", "127.0.0.1", "Address that all listeners bind to and that is told to clients."),
            number("server.port", 8080, 0, 65_535, "Port of REST, OpenAPI, health and metrics; 0 takes a free one."),
            text("server.roles", "both", "What this node does: both, broker or controller."),
            text(
                    "server.cluster.peers",
                    "",
                    "The controllers of the cluster as id@host:port,... with their internal ports: 1, 3 or 5, the same on"
                            + " every node; empty: this node is alone."),
            text(
                    "jofka.cluster.id",
                    "",
                    "Name of the cluster, the same on all its nodes; needed where server.cluster.peers names other nodes."),
            path("jofka.data-dir", "data", "Folder of everything this node keeps; created when it is missing."),
            text("jofka.rack", "", "Rack or zone of this node; replicas are spread over racks."),
            text("jofka.advertised-address", "", "Host name told to clients; empty: server.address."),
            flag(
                    "jofka.security.allow-anonymous",
                    false,
                    "Allows a bind address beyond loopback although callers are not authenticated."),
            flag("jofka.boot.train", false, "Start, exercise and stop: writes the JVM's start-up cache."),
            number("jofka.kafka.port", 9092, 0, 65_535, "Port of the Kafka protocol; 0 takes a free one."),
            number(
                    "jofka.peer.port",
                    9190,
                    0,
                    65_534,
                    "Internal port between nodes (gRPC); the port behind it is used too, so 65535 cannot be chosen. Not opened"
                            + " by a node that is alone."),
            number("jofka.kafka.max-connections", 12_000, 1, 1_000_000, "Open connections on the Kafka port."),
            size("jofka.kafka.max-frame", "100MiB", 1024, GIB, "Largest request frame on the Kafka port."),
            size(
                    "jofka.kafka.max-in-flight",
                    "256MiB",
                    MIB,
                    64 * GIB,
                    "Request bytes held at once over all connections; beyond it reading pauses."),
            duration("jofka.kafka.idle", "10m", 1000, DAY_MS, "A connection without a request for so long is closed."),
            duration(
                    "jofka.kafka.read-timeout",
                    "30s",
                    100,
                    DAY_MS,
                    "A request must be complete this long after its first byte, plus a second for each 64 KiB of it."),
            number("jofka.rest.max-connections", 12_000, 1, 1_000_000, "Open connections on the REST port."),
            number("jofka.rest.max-concurrent", 2_000, 1, 1_000_000, "HTTP requests served at the same time."),
            size(
                    "jofka.rest.max-body",
                    "32MiB",
                    1024,
                    GIB,
                    "Largest HTTP request body, also after inflation; NDJSON streams are not bounded by it."),
            size("jofka.rest.max-headers", "16KiB", 1024, MIB, "Largest header section of a request."),
            duration(
                    "jofka.rest.idle",
                    "5m",
                    1000,
                    DAY_MS,
                    "An HTTP connection without a request for so long is closed."),
            duration(
                    "jofka.rest.read-timeout",
                    "30s",
                    100,
                    DAY_MS,
                    "Longest silence inside a request's body; a body that takes longer must come at 1,000 bytes a second."),
            number("jofka.rest.max-streams", 3_000, 1, 10_000, "Open server-sent-event and NDJSON streams."),
            number("jofka.log.force-threads", 2, 1, 64, "Threads that force log files to disk."),
            number("jofka.log.max-open-files", 2_000, 16, 1_000_000, "Segment files held open at once."),
            duration("jofka.log.retention-interval", "5m", 100, DAY_MS, "How often retention is applied."),
            duration(
                    "jofka.log.compaction-interval",
                    "15s",
                    100,
                    DAY_MS,
                    "How often logs are looked at for compaction."),
            duration(
                    "jofka.log.checkpoint-interval",
                    "10s",
                    100,
                    DAY_MS,
                    "How often recovery points are written; bounds the work after a crash."),
            duration(
                    "jofka.log.flush-interval",
                    "30s",
                    100,
                    DAY_MS,
                    "How often page-cache writes are forced in the background."),
            duration(
                    "jofka.log.producer-expiry",
                    "1d",
                    1000,
                    365 * DAY_MS,
                    "An idempotent producer that is silent for so long is forgotten."),
            number("jofka.log.queue", 1_024, 1, 1_000_000, "Commands that may wait on one partition."),
            duration("jofka.controller.election", "300ms", 50, DAY_MS, "Raft election timeout."),
            duration("jofka.controller.fetch", "800ms", 50, DAY_MS, "Raft fetch timeout."),
            duration("jofka.controller.heartbeat", "250ms", 10, 60_000, "How often a node tells that it lives."),
            duration(
                    "jofka.controller.session",
                    "1500ms",
                    20,
                    DAY_MS,
                    "A node silent for so long is fenced and others lead; at least twice the heartbeat."),
            duration(
                    "jofka.controller.balance-interval",
                    "10s",
                    100,
                    DAY_MS,
                    "How often leadership is given back to preferred leaders."),
            duration(
                    "jofka.replica.lag-max",
                    "10s",
                    100,
                    3_600_000,
                    "An in-sync follower that has not had everything for so long leaves the in-sync set."),
            size(
                    "jofka.controller.snapshot-bytes",
                    "20MiB",
                    1024,
                    GIB,
                    "Metadata log bytes after which a snapshot is taken."),
            duration(
                    "jofka.controller.snapshot-interval",
                    "1h",
                    1000,
                    365 * DAY_MS,
                    "Longest time between metadata snapshots."),
            number("jofka.controller.max-partitions", 200_000, 1, 200_000, "Partitions in the whole cluster."));

    private static final Map<String, Setting> BY_KEY =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

    private SettingsTable() {}

    static Setting byKey(String key) {
        Setting setting = BY_KEY.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return setting;
    }
}
