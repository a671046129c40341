package io.jofka.node.broker;

import io.jofka.api.batch.InflationLimits;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Events;
import io.jofka.node.common.Net;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.ProducerIdBlocks;
import io.jofka.node.metadata.ConfigKey;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.NodeConfigs;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The broker layer of a node, put together: made once, started once, closed once. Its services are thread-safe. */
public final class Broker {
    private static final ConfigKey MOVE_RATE =
            NodeConfigs.table().key(NodeConfigs.MOVE_RATE).orElseThrow();

    private final ExecutorService openers;
    private final ExecutorService drainers;
    private final LocalPartitions partitions;
    private final Housekeeper housekeeper;
    private final ReplicaFetchers fetchers;
    private final Followers followers;
    private final Images images;
    private final EffectiveConfigs configs;
    private final ProduceService produce;
    private final FetchService fetch;
    private final OffsetService offsets;
    private final ReplicaDescriptions replicas;
    private final ProducerIds producerIds;

    /** @param bugs told of what cannot happen; the node is unhealthy then */
    public Broker(
            int nodeId,
            BrokerConfig config,
            LogStore store,
            Images images,
            EffectiveConfigs configs,
            ProducerIdBlocks producerIdBlocks,
            Net net,
            IsrProposals isrProposals,
            Clock clock,
            Events events,
            MeterRegistry registry,
            Consumer<Throwable> bugs) {
        this.images = images;
        this.configs = configs;
        this.openers = Executors.newFixedThreadPool(
                config.openers(),
                Thread.ofPlatform().name("jofka-opener-", 0).daemon(true).factory());
        this.drainers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("jofka-drain-", 0).factory());
        BrokerSurroundings around = new BrokerSurroundings(
                config,
                drainers,
                clock,
                store,
                isrProposals,
                events,
                bugs,
                (fault, detail) -> openers.execute(() -> failAll(fault, detail)));
        PartitionOpener opener = new PartitionOpener(nodeId, around);
        this.followers = new Followers(store, opener, openers, events, bugs);
        this.fetchers = new ReplicaFetchers(followers, store, net, clock);
        followers.onNews(fetchers::changed);
        this.partitions = new LocalPartitions(nodeId, store, images, configs, opener, openers, followers, events, bugs);
        new ReplicaService(partitions, around).serve(net);
        this.housekeeper = new Housekeeper(this::loops, followers::all, around);
        BrokerMetrics metrics = new BrokerMetrics(registry);
        this.produce = new LocalProduceService(
                partitions,
                new BatchValidation(new InflationLimits(config.maxInflatedBytes(), config.maxInflationRatio())),
                clock,
                metrics);
        this.fetch = new LocalFetchService(partitions, around, metrics);
        this.offsets = new LocalOffsetService(partitions, around);
        this.replicas = new LocalReplicas(partitions, followers, store, clock);
        this.producerIds = new BlockProducerIds(producerIdBlocks);
        BrokerMetrics.gauge(
                registry,
                "jofka.broker.partitions",
                "Partitions given to this node",
                partitions,
                p -> p.hosted().size());
        BrokerMetrics.gauge(
                registry,
                "jofka.broker.partitions.offline",
                "Partitions given to this node that do not serve",
                partitions,
                LocalPartitions::offlineCount);
    }

    /** Opens what the current image assigns and follows the image from now on; complete when all of that is open. */
    public CompletableFuture<Void> start() {
        images.onChange(partitions);
        images.onChange((before, after) -> fetchers.limit(Long.parseLong(configs.nodeValue(after, MOVE_RATE))));
        housekeeper.start();
        return partitions.allOpened();
    }

    /** Complete when every partition that the newest image gives this node has been opened, or has failed to. */
    public CompletableFuture<Void> opened() {
        return partitions.allOpened();
    }

    public ProduceService produce() {
        return produce;
    }

    public FetchService fetch() {
        return fetch;
    }

    public OffsetService offsets() {
        return offsets;
    }

    public ReplicaDescriptions replicas() {
        return replicas;
    }

    public ProducerIds producerIds() {
        return producerIds;
    }

    /** Whether callers wait for what becomes of records that were written here before others took the lead. */
    public boolean isHandingOver() {
        return followers.someWait();
    }

    /** Refuses new work, forces and closes all logs; complete when that is done. */
    public CompletableFuture<Void> close() {
        housekeeper.close();
        fetchers.stop();
        return partitions.close().whenComplete((v, e) -> {
            openers.shutdown();
            drainers.shutdown();
        });
    }

    private void failAll(Fault fault, String detail) {
        partitions.failAll(fault, detail);
    }

    private List<PartitionLoop> loops() {
        return partitions.hosted().stream()
                .map(HostedPartition::loop)
                .filter(Objects::nonNull)
                .toList();
    }
}
