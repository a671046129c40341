package io.jofka.node.controller;

import io.jofka.node.common.Clock;
import io.jofka.node.common.Disk;
import io.jofka.node.common.Events;
import io.jofka.node.common.Net;
import io.jofka.node.common.Seed;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataMachine;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.metadata.Verdict;
import io.jofka.node.storage.snapshot.H2Images;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The metadata side of a node, wired together: log, machine, loop, images, snapshots. {@link #start}, then
 * {@link #register} when the listeners are bound, at the end {@link #close}.
 */
public final class MetadataPlane implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(MetadataPlane.class.getName());
    private static final long REGISTER_TIMEOUT_MS = 25_000;
    private static final long REGISTER_PAUSE_MS = 100;
    /** Looks at the nodes in a heartbeat interval. */
    private static final int TICKS = 5;

    private final MetadataPlaneConfig config;
    private final MetadataLog log;
    private final UUID incarnation;
    private final LocalImages images = new LocalImages();
    private final EffectiveConfigs configs;
    private final SnapshotStore snapshots;
    private final ControllerLoop loop;
    private final LocalTopicAdmin topics;
    private final LocalQuorumStatus quorum;
    private final LocalProducerIdBlocks producerIds;
    private final Submitter submitter;
    private final LocalClusterAdmin cluster;
    private final IsrChanges isrChanges;
    private final Heartbeats heartbeats;
    private final Decommissioning decommissioning;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jofka-command-", 0).factory());
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("jofka-heartbeat").daemon().factory());
    private volatile boolean pulse;

    /** @param log opened but not started; closed with this object */
    public MetadataPlane(
            MetadataPlaneConfig config,
            MetadataLog log,
            Net net,
            Disk disk,
            Clock clock,
            Seed seed,
            Events events,
            MeterRegistry metrics,
            Faults faults) {
        int nodeId = config.raft().nodeId();
        this.config = config;
        this.log = log;
        this.incarnation = seed.nextUuid();
        this.configs = new EffectiveConfigs(nodeId, config.startConfigs());
        H2Images stored = new H2Images(config.raft().directory().resolve("images"), disk);
        MetadataEvents told = new MetadataEvents(events);
        this.snapshots =
                new SnapshotStore(log, stored, told, clock, config.snapshotBytes(), config.snapshotIntervalMs());
        MetadataMachine machine = new MetadataMachine(config.limits(), configs);
        this.loop =
                new ControllerLoop(nodeId, config.maxWaiting(), log, machine, images, snapshots, told, clock, faults);
        this.submitter = new Submitter(nodeId, config.alone(), loop, images, net, clock, threads);
        this.topics = new LocalTopicAdmin(submitter, images, seed);
        this.cluster = new LocalClusterAdmin(submitter, images);
        this.isrChanges = new IsrChanges(submitter, nodeId, incarnation);
        this.heartbeats = new Heartbeats(
                nodeId, incarnation, loop, images, net, clock, config.heartbeats(), () -> pulse && config.broker());
        this.decommissioning = new Decommissioning(nodeId, loop, images, clock);
        this.quorum = new LocalQuorumStatus(nodeId, log, loop, images, stored, net, clock, threads);
        this.producerIds = new LocalProducerIdBlocks(submitter, nodeId, config.producerIdBlock());
        export(metrics);
    }

    private void export(MeterRegistry metrics) {
        Gauge.builder("jofka.metadata.index", images, held -> held.image().index())
                .description("Last metadata index applied on this node")
                .register(metrics);
        Gauge.builder("jofka.metadata.term", images, held -> held.image().term())
                .description("Raft term of the last metadata record applied on this node")
                .register(metrics);
        Gauge.builder(
                        "jofka.metadata.topics",
                        images,
                        held -> held.image().topics().size())
                .description("Topics of the cluster")
                .register(metrics);
        Gauge.builder("jofka.metadata.partitions", images, held -> held.image().partitionCount())
                .description("Partitions of the cluster")
                .register(metrics);
        Gauge.builder("jofka.controller.waiting", loop, ControllerLoop::waitingCalls)
                .description("Changes that wait for the controller")
                .register(metrics);
        FunctionCounter.builder("jofka.metadata.snapshots", snapshots, SnapshotStore::snapshotsTaken)
                .description("Metadata snapshots written by this node")
                .register(metrics);
    }

    /**
     * Opens the log and returns when a controller leads and all that was committed is applied here. Fails with
     * {@link io.jofka.node.consensus.RefusedFolder} when the folder must not be used, with {@link IllegalStateException}
     * when no leader is found in time.
     */
    public void start() {
        loop.start();
        try {
            int leader = loop.firstLeader().get(config.startTimeoutMs(), TimeUnit.MILLISECONDS);
            if (leader < 0) {
                throw new IllegalStateException("no controller leads");
            }
            if (!config.alone()) {
                int everyMs = Math.max(10, config.heartbeats().heartbeatMs() / TICKS);
                ScheduledFuture<?> _ =
                        ticker.scheduleWithFixedDelay(this::tick, everyMs, everyMs, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a controller", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "no controller leads after " + config.startTimeoutMs() + " ms of waiting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the metadata log did not start", e.getCause());
        }
    }

    /**
     * Makes this incarnation of the node known under its endpoints. A node that is alone, or keeps no partitions, may be
     * used at once; others when the controller has heard that they are {@link #ready}. Answers the index that holds it;
     * fails when no controller takes it.
     */
    public CompletableFuture<Long> register(Map<String, Endpoint> endpoints) {
        int nodeId = config.raft().nodeId();
        NodeImage node = new NodeImage(
                nodeId,
                incarnation,
                config.broker(),
                config.controller(),
                true,
                config.rack(),
                Map.copyOf(endpoints),
                config.logDirectories());
        CompletableFuture<Long> registered = committed(new RegisterNode(node));
        if (config.alone() || !config.broker()) {
            return registered.thenCompose(_ -> committed(new FenceNode(nodeId, incarnation, false)));
        }
        pulse = true;
        return registered;
    }

    private void tick() {
        try {
            heartbeats.tick();
            decommissioning.look();
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "a heartbeat failed", e);
        }
    }

    /** The partitions of this node are open. */
    public void ready() {
        heartbeats.ready();
    }

    /**
     * Hands over what this node leads and takes it out of all in-sync sets, before it stops. Answers whether a controller
     * has committed that; nothing else depends on it.
     */
    public CompletableFuture<Boolean> leave(int timeoutMs) {
        pulse = false;
        if (config.alone() || !config.broker()) {
            return CompletableFuture.completedFuture(true);
        }
        return submitter
                .submit(new FenceNode(config.raft().nodeId(), incarnation, true), false, timeoutMs)
                .thenApply(reply -> reply instanceof Reply.Done<Verdict<OptionalInt>>);
    }

    private CompletableFuture<Long> committed(MetadataCommand<Verdict<OptionalInt>> command) {
        return committed(command, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REGISTER_TIMEOUT_MS));
    }

    /** Both commands may be carried out twice, so they are asked again while controllers change. */
    private CompletableFuture<Long> committed(MetadataCommand<Verdict<OptionalInt>> command, long deadlineNanos) {
        int leftMs = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
        return submitter.submit(command, false, leftMs).thenCompose(reply -> switch (reply) {
            case Reply.Done<Verdict<OptionalInt>>(long index, Verdict.Accepted<OptionalInt> _) ->
                CompletableFuture.completedFuture(index);
            case Reply.Done<Verdict<OptionalInt>>(var _, Verdict.Refused<OptionalInt> no) -> notRegistered(no.detail());
            case Reply.Failed<Verdict<OptionalInt>> failed ->
                System.nanoTime() - deadlineNanos < 0
                        ? CompletableFuture.runAsync(
                                        () -> {},
                                        CompletableFuture.delayedExecutor(
                                                REGISTER_PAUSE_MS, TimeUnit.MILLISECONDS, threads))
                                .thenCompose(_ -> committed(command, deadlineNanos))
                        : notRegistered(failed.detail());
        });
    }

    private static CompletableFuture<Long> notRegistered(String why) {
        return CompletableFuture.failedFuture(new IllegalStateException("the node is not registered: " + why));
    }

    public ClusterAdmin cluster() {
        return cluster;
    }

    public IsrChanges isrChanges() {
        return isrChanges;
    }

    public TopicAdmin topics() {
        return topics;
    }

    public Images images() {
        return images;
    }

    public QuorumStatus quorum() {
        return quorum;
    }

    public ProducerIdBlocks producerIds() {
        return producerIds;
    }

    /** Resolves configurations as this node does. */
    public EffectiveConfigs configs() {
        return configs;
    }

    /** Answers all that wait, finishes a running snapshot, closes the log. */
    @Override
    public void close() {
        ticker.shutdownNow();
        threads.shutdown();
        try {
            loop.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        snapshots.close();
        log.close();
    }
}
