package io.jofka.node.boot;

import io.jofka.node.broker.BrokerConfig;
import io.jofka.node.consensus.RaftConfig;
import io.jofka.node.controller.HeartbeatConfig;
import io.jofka.node.controller.MetadataPlaneConfig;
import io.jofka.node.kafka.KafkaConfig;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.live.LiveConfig;
import io.jofka.node.metadata.MetadataLimits;
import io.jofka.node.rest.RestConfig;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.transport.TransportConfig;
import io.jofka.node.storage.StorageConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** From the settings to what each part takes. */
final class NodeConfigs {
    /** A node of a cluster waits so long for a controller that leads; then whoever watches it starts it again. */
    private static final int CLUSTER_START_MS = 600_000;

    private NodeConfigs() {}

    static String advertisedHost(Settings settings) {
        String advertised = settings.text("jofka.advertised-address");
        return advertised.isEmpty() ? settings.text("server.address") : advertised;
    }

    static boolean loopback(Settings settings) {
        String address = settings.text("server.address").toLowerCase(Locale.ROOT);
        return address.equals("localhost") || address.startsWith("127.") || address.equals("::1");
    }

    static RaftConfig raft(Settings settings) {
        RaftConfig base = RaftConfig.defaults(
                settings.path("jofka.data-dir").resolve("metadata"), settings.integer("server.node-id"));
        ClusterSettings cluster = ClusterSettings.of(settings);
        return new RaftConfig(
                base.directory(),
                base.nodeId(),
                cluster.id(),
                cluster.voters(),
                settings.integer("jofka.controller.election"),
                settings.integer("jofka.controller.fetch"),
                base.segmentBytes());
    }

    static MetadataPlaneConfig metadata(Settings settings, UUID logDirectory) {
        RaftConfig raft = raft(settings);
        ClusterSettings cluster = ClusterSettings.of(settings);
        MetadataPlaneConfig base = MetadataPlaneConfig.defaults(raft.directory(), raft.nodeId());
        MetadataLimits limits = base.limits();
        return new MetadataPlaneConfig(
                raft,
                settings.text("jofka.rack"),
                cluster.broker(),
                cluster.controller(),
                cluster.isAlone(raft.nodeId()),
                List.of(logDirectory),
                Map.of(),
                new MetadataLimits(
                        limits.maxPartitionsPerTopic(),
                        settings.integer("jofka.controller.max-partitions"),
                        limits.maxReplicationFactor(),
                        limits.maxConfigValueLength(),
                        limits.maxCommandBytes()),
                base.maxWaiting(),
                settings.number("jofka.controller.snapshot-bytes"),
                settings.number("jofka.controller.snapshot-interval"),
                base.producerIdBlock(),
                cluster.isAlone(raft.nodeId()) ? base.startTimeoutMs() : CLUSTER_START_MS,
                new HeartbeatConfig(
                        settings.integer("jofka.controller.heartbeat"),
                        settings.integer("jofka.controller.session"),
                        settings.integer("jofka.controller.balance-interval")));
    }

    static StorageConfig storage(Settings settings) {
        StorageConfig base = StorageConfig.defaults();
        return new StorageConfig(
                settings.integer("jofka.log.max-open-files"),
                base.indexCacheBytes(),
                settings.integer("jofka.log.force-threads"),
                settings.number("jofka.log.checkpoint-interval"),
                settings.number("jofka.log.flush-interval"),
                base.inlineSnapshotBytes(),
                base.compactionMapBytes(),
                base.maxInflatedBytes());
    }

    static BrokerConfig broker(Settings settings) {
        BrokerConfig base = BrokerConfig.defaults();
        return new BrokerConfig(
                settings.integer("jofka.log.queue"),
                base.queuedBytes(),
                base.drainBytes(),
                base.drainRounds(),
                base.maxInflatedBytes(),
                base.maxInflationRatio(),
                base.maxProducers(),
                settings.number("jofka.log.producer-expiry"),
                base.maxFetchWaiters(),
                base.maxWaitMs(),
                base.openers(),
                base.tickMs(),
                settings.number("jofka.log.retention-interval"),
                settings.number("jofka.log.compaction-interval"),
                settings.number("jofka.log.flush-interval"),
                settings.integer("jofka.replica.lag-max"));
    }

    static KafkaConfig kafka(Settings settings, int nodeId) {
        KafkaLimits base = KafkaLimits.defaults();
        KafkaLimits limits = new KafkaLimits(
                settings.integer("jofka.kafka.max-connections"),
                settings.integer("jofka.kafka.max-frame"),
                Math.min(base.maxControlFrameBytes(), settings.integer("jofka.kafka.max-frame")),
                base.maxFirstFrameBytes(),
                settings.number("jofka.kafka.max-in-flight"),
                base.responseBytes(),
                base.maxOutstanding(),
                settings.integer("jofka.kafka.idle"),
                settings.integer("jofka.kafka.read-timeout"),
                base.writeStallMs(),
                base.answerMs(),
                base.maxFetchBytes(),
                base.maxFetchWaitMs(),
                base.adminTimeoutMs());
        return KafkaConfig.defaults()
                .listeningOn(settings.text("server.address"), settings.integer("jofka.kafka.port"))
                .withNodeId(nodeId)
                .withLimits(limits);
    }

    static DataLimits data(Settings settings) {
        DataLimits base = DataLimits.defaults();
        return new DataLimits(
                settings.integer("jofka.rest.max-body"),
                base.maxInflationRatio(),
                base.bodyBudgetBytes(),
                base.maxRecordsPerRequest(),
                base.maxJsonDepth(),
                base.maxHeadersPerRecord(),
                base.maxHeaderBytesPerRecord(),
                base.maxLineBytes(),
                base.maxAnswerBacklogBytes(),
                settings.integer("jofka.rest.max-concurrent"),
                base.longPolls(),
                settings.integer("jofka.rest.max-streams"),
                base.maxReadRecords(),
                base.maxReadBytes(),
                base.maxScanRecords(),
                base.maxFetchPositions(),
                base.heartbeat(),
                base.slowReader(),
                base.stalledReader());
    }

    static TransportConfig transport(Settings settings) {
        TransportConfig base = TransportConfig.defaults();
        return new TransportConfig(
                base.maxBodyBytes(),
                settings.integer("jofka.rest.max-connections"),
                settings.integer("jofka.rest.max-concurrent"),
                settings.integer("jofka.rest.max-headers"),
                base.maxRequestLineBytes(),
                base.headMs(),
                settings.integer("jofka.rest.read-timeout"),
                base.minBodyRate(),
                base.quietMs(),
                settings.integer("jofka.rest.idle"),
                base.backlog(),
                base.maxStreams(),
                base.graceMs());
    }

    static LiveConfig live(Settings settings) {
        LiveConfig base = LiveConfig.defaults();
        return new LiveConfig(
                base.maxEvents(),
                base.maxEventBytes(),
                settings.integer("jofka.rest.max-streams"),
                base.heartbeatMs(),
                base.stalledMs());
    }

    static RestConfig rest(Settings settings) {
        if (!loopback(settings)) {
            return new RestConfig(Set.of(), Set.of(), RestConfig.defaults().metadataWaitMs());
        }
        Set<String> hosts = new HashSet<>(RestConfig.loopbackHosts());
        hosts.add(settings.text("server.address").toLowerCase(Locale.ROOT));
        hosts.add(advertisedHost(settings).toLowerCase(Locale.ROOT));
        return new RestConfig(hosts, Set.of(), RestConfig.defaults().metadataWaitMs());
    }
}
