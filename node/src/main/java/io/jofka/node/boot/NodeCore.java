package io.jofka.node.boot;

import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.jofka.node.broker.Broker;
import io.jofka.node.broker.DirectoryStore;
import io.jofka.node.broker.OpenedTopics;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.broker.idempotency.IdempotencyConfig;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.common.NoNet;
import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.Seed;
import io.jofka.node.common.SystemClock;
import io.jofka.node.consensus.KafkaRaftMetadataLog;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.MetadataPlane;
import io.jofka.node.kafka.KafkaListener;
import io.jofka.node.kafka.handler.Handlers;
import io.jofka.node.kafka.handler.Services;
import io.jofka.node.live.EventRing;
import io.jofka.node.live.EventsService;
import io.jofka.node.live.LiveConfig;
import io.jofka.node.live.StreamGuard;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.peer.PeerNet;
import io.jofka.node.rest.Contract;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.StartingFilter;
import io.jofka.node.rest.TransportFaults;
import io.jofka.node.rest.admin.AdminConfig;
import io.jofka.node.rest.admin.AdminRoutes;
import io.jofka.node.rest.admin.AdminServices;
import io.jofka.node.rest.data.DataPath;
import io.jofka.node.rest.transport.ConnectionGuard;
import io.jofka.node.rest.transport.Transport;
import io.jofka.node.storage.LogDirectory;
import io.jofka.node.storage.NioDisk;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One node, put together by plain constructors. Life: constructed (files are open, metadata is loaded, logs recovered),
 * {@link #routes} onto an HTTP server, {@link #open} once that is bound, {@link #close}.
 */
final class NodeCore implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(NodeCore.class.getName());
    private static final int EXIT_FAULT = 3;
    private static final int DRAIN_MS = 5_000;
    private static final int REGISTER_MS = 30_000;
    private static final int LEAVE_MS = 3_000;

    private final Settings settings;
    private final NodeHealth health = new NodeHealth();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProblemWriter problems;
    private final RequestIds requestIds;
    private final EventRing events;
    private final StreamGuard streams;
    private final ConnectionGuard connections;
    private final MetadataPlane metadata;
    private final LogDirectory directory;
    private final Broker broker;
    private final EveryPartition every;
    private final boolean alone;
    private final @Nullable PeerNet peers;
    private volatile @Nullable Images images;
    private final OpenedTopics topics;
    private final Idempotency idempotency;
    private final DataPath data;
    private final KafkaListener kafka;
    private final EffectiveConfigs configs;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("jofka-ticker").daemon().factory());

    NodeCore(Settings settings) {
        this.settings = settings;
        Clock clock = new SystemClock();
        Seed seed = new SecureSeed();
        NioDisk disk = new NioDisk();
        int nodeId = settings.integer("server.node-id");
        LiveConfig live = NodeConfigs.live(settings);
        events = new EventRing(clock, live);
        streams = new StreamGuard(clock, live);
        connections = new ConnectionGuard(NodeConfigs.transport(settings), clock);
        requestIds = new RequestIds(seed);
        problems = new ProblemWriter(nodeId, requestIds);
        ClusterSettings cluster = ClusterSettings.of(settings);
        alone = cluster.isAlone(nodeId);
        peers = alone
                ? null
                : ClusterNet.of(
                        settings,
                        cluster,
                        cluster.id(),
                        () -> Optional.ofNullable(images).map(Images::current));
        Net net = peers == null ? new NoNet() : peers;
        KafkaRaftMetadataLog log = new KafkaRaftMetadataLog(NodeConfigs.raft(settings), net, clock, seed);
        directory = LogDirectory.open(
                settings.path("jofka.data-dir").resolve("log"),
                log.clusterId(),
                disk,
                clock,
                seed,
                events,
                metrics,
                NodeConfigs.storage(settings));
        metadata = new MetadataPlane(
                NodeConfigs.metadata(settings, directory.directoryId()),
                log,
                net,
                disk,
                clock,
                seed,
                events,
                metrics,
                this::fatal);
        images = metadata.images();
        configs = metadata.configs();
        broker = new Broker(
                nodeId,
                NodeConfigs.broker(settings),
                new DirectoryStore(directory),
                metadata.images(),
                configs,
                metadata.producerIds(),
                net,
                metadata.isrChanges()::propose,
                clock,
                events,
                metrics,
                health::unhealthy);
        every = alone ? EveryPartition.alone(broker) : EveryPartition.of(nodeId, broker, metadata.images(), net, clock);
        startMetadata();
        topics = new OpenedTopics(metadata.topics(), broker);
        idempotency = new Idempotency(
                metadata.images(),
                topics,
                every.produce(),
                every.fetch(),
                broker.producerIds(),
                clock,
                IdempotencyConfig.defaults());
        data = new DataPath(
                new DataPath.Ports(
                        metadata.images(),
                        every.produce(),
                        every.fetch(),
                        every.offsets(),
                        broker.producerIds(),
                        idempotency,
                        configs,
                        metrics),
                NodeConfigs.data(settings),
                clock,
                seed,
                problems,
                requestIds);
        kafka = kafkaListener(nodeId, clock);
        ScheduledFuture<?> _ = ticker.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    /** In a cluster this waits for the controllers, which need each other, so the internal port is open before. */
    private void startMetadata() {
        PeerNet net = peers;
        if (net != null) {
            try {
                net.open();
            } catch (IOException e) {
                throw new StartFailure(
                        "The internal " + e.getMessage()
                                + "; jofka.peer.port chooses another (it and the next one are used).",
                        e);
            }
            LOGGER.log(System.Logger.Level.INFO, "waiting for the controllers of the cluster");
        }
        metadata.start();
    }

    private void sweep() {
        try {
            streams.sweep();
            connections.sweep();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "sweeping silent connections failed", e);
        }
    }

    /** Without its metadata a node must not serve; the process that watches it starts it again. */
    private void fatal(String what, Throwable cause) {
        health.unhealthy(cause);
        LOGGER.log(System.Logger.Level.ERROR, what + ": the process ends", cause);
        Runtime.getRuntime().halt(EXIT_FAULT);
    }

    private KafkaListener kafkaListener(int nodeId, Clock clock) {
        var config = NodeConfigs.kafka(settings, nodeId);
        Services services = new Services(
                metadata.images(),
                every.produce(),
                every.fetch(),
                every.offsets(),
                broker.producerIds(),
                every.replicas(),
                topics,
                metadata.cluster(),
                metadata.quorum(),
                configs,
                clock);
        try {
            return new KafkaListener(config, Handlers.of(config, services), clock, metrics);
        } catch (IOException e) {
            throw new StartFailure("The Kafka listener cannot be made: " + e.getMessage(), e);
        }
    }

    /** What the HTTP server must be built with beyond its configuration. */
    void customise(WebServerConfig.Builder server) {
        new Transport(
                        NodeConfigs.transport(settings),
                        connections,
                        new TransportFaults(problems, requestIds).handlers())
                .harden(server);
        server.contentEncoding(data.contentEncoding());
    }

    /** Puts every address of this node onto the routing. */
    void routes(HttpRouting.Builder routing) {
        LiveConfig live = NodeConfigs.live(settings);
        int nodeId = settings.integer("server.node-id");
        routing.addFilter(connections);
        routing.addFilter(new StartingFilter(health::isStarted, problems));
        routing.register("/api/v1", data.service());
        routing.register("/api/v1/events", new EventsService(nodeId, events, streams, live));
        AdminServices services = new AdminServices(
                nodeId,
                Version.text(),
                metadata.images(),
                topics,
                metadata.cluster(),
                metadata.quorum(),
                every.replicas(),
                configs,
                problems,
                new Contract(),
                AdminConfig.defaults());
        new AdminRoutes(services, NodeConfigs.rest(settings), requestIds, health.checks(), metrics).register(routing);
    }

    /**
     * Opens the node to the world: registers it with the addresses it has now, opens partitions and accepts Kafka
     * clients. Answers the port of the Kafka listener.
     */
    int open(int restPort) {
        try {
            kafka.bind();
            String host = NodeConfigs.advertisedHost(settings);
            Map<String, Endpoint> endpoints = new HashMap<>();
            endpoints.put("rest", new Endpoint(host, restPort));
            endpoints.put("kafka", new Endpoint(host, kafka.port()));
            if (!alone) {
                endpoints.put(ClusterNet.ENDPOINT, ClusterNet.endpoint(settings));
            }
            metadata.register(endpoints).get(REGISTER_MS, TimeUnit.MILLISECONDS);
            broker.start().get();
            data.start();
            kafka.start();
            metadata.ready();
            health.opened();
            return kafka.port();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("The start was interrupted.", e);
        } catch (java.net.BindException e) {
            throw new StartFailure(
                    "The Kafka port " + settings.text("jofka.kafka.port")
                            + " is taken; jofka.kafka.port chooses another.",
                    e);
        } catch (Exception e) {
            throw new StartFailure("The node cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        health.closing();
        if (!alone) {
            step("leadership", this::handOver);
        }
        step("live tails", data::close);
        step("idempotency keys", idempotency::close);
        step("Kafka listener", () -> kafka.stop(DRAIN_MS));
        step("broker", () -> broker.close().get(60, TimeUnit.SECONDS));
        step("log directory", directory::close);
        step("metadata", metadata::close);
        PeerNet net = peers;
        if (net != null) {
            step("internal network", net::close);
        }
        ticker.shutdownNow();
        LOGGER.log(System.Logger.Level.INFO, "stopped");
    }

    /** Others lead what this node led before it refuses anybody; what comes meanwhile is forwarded to them. */
    private void handOver() throws Exception {
        metadata.leave(LEAVE_MS).get(LEAVE_MS + 1_000L, TimeUnit.MILLISECONDS);
        int self = settings.integer("server.node-id");
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MS);
        Images newest = metadata.images();
        while (System.nanoTime() < deadline && leads(newest.current(), self)) {
            newest.await(newest.current().index() + 1, 100);
        }
        while (System.nanoTime() < deadline && broker.isHandingOver()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static boolean leads(ClusterImage image, int node) {
        return image.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> partition.leader() == node);
    }

    private interface Step {
        void run() throws Exception;
    }

    /** One part that does not close must not keep the next from being closed. */
    private static void step(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.log(System.Logger.Level.ERROR, what + " did not close", e);
        }
    }
}
