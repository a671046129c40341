package io.jofka.node.broker;

import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.common.NoNet;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ProducerIdBlocks;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.sim.SimulatedClock;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedSeed;
import io.jofka.node.storage.LogDirectory;
import io.jofka.node.storage.StorageConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A whole broker over a log directory on a simulated disk, with an image that tests write themselves. */
final class BrokerKit implements AutoCloseable {
    static final Path ROOT = Path.of("/data/log");
    static final int NODE = 1;

    final SimulatedDisk disk;
    final SimulatedClock wall = new SimulatedClock();
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final TestImages images;
    final LogDirectory directory;
    final Broker broker;

    BrokerKit() {
        this(new SimulatedDisk(), new TestImages());
    }

    BrokerKit(SimulatedDisk disk, TestImages images) {
        this(disk, images, BrokerConfig.defaults());
    }

    BrokerKit(SimulatedDisk disk, TestImages images, BrokerConfig config) {
        this(NODE, disk, images, config, new NoNet(), (partition, leaderEpoch, partitionEpoch, isr, refusal) -> {});
    }

    BrokerKit(
            int node, SimulatedDisk disk, TestImages images, BrokerConfig config, Net net, IsrProposals isrProposals) {
        this.disk = disk;
        this.images = images;
        this.directory = LogDirectory.open(
                ROOT,
                "cluster",
                disk,
                wall,
                new SimulatedSeed(1),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                StorageConfig.simulated());
        this.broker = new Broker(
                node,
                config,
                new DirectoryStore(directory),
                images,
                new EffectiveConfigs(node, Map.of()),
                () -> CompletableFuture.completedFuture(new ProducerIdBlocks.Block(1_000, 1_000)),
                net,
                isrProposals,
                clock(),
                (type, sentence, details) -> events.add(type),
                registry,
                bugs::add);
        broker.start().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Wall time stands still for stored timestamps; waits take real time. */
    private Clock clock() {
        return new Clock() {
            @Override
            public long wallMs() {
                return wall.wallMs();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }

    long now() {
        return wall.wallMs();
    }

    CompletableFuture<ProduceOutcome> send(TopicPartition partition, ByteBuffer batches, Acks acks) {
        return broker.produce().produce(partition, batches, new ProduceOptions(acks, 10_000, false));
    }

    ProduceOutcome produce(TopicPartition partition, ByteBuffer batches) {
        return send(partition, batches, Acks.ALL)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    ProduceOutcome produce(TopicPartition partition, String... values) {
        return produce(partition, Batches.of(now(), values));
    }

    FetchOutcome fetchOne(FetchPosition position, int minBytes, int waitMs) {
        return broker.fetch()
                .fetch(new FetchRequest(List.of(position), minBytes, 1 << 20, waitMs, Isolation.READ_UNCOMMITTED))
                .getFirst();
    }

    /** All values from the offset on, up to the high watermark, without waiting. */
    List<String> values(TopicPartition partition, long offset) {
        List<String> values = new ArrayList<>();
        long next = offset;
        while (fetchOne(new FetchPosition(partition, next, 1 << 20), 0, 0) instanceof FetchOutcome.Data data) {
            try (var slice = data.slice()) {
                if (slice.isEmpty()) {
                    return values;
                }
                values.addAll(Batches.values(slice.toBuffer()));
                next = slice.nextOffset();
            }
        }
        return values;
    }

    /** As {@link #values}, after all futures are complete. */
    List<String> valuesOf(TopicPartition partition, List<? extends CompletableFuture<?>> futures) {
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        return values(partition, 0);
    }

    /** Stops as an administrator does. */
    @Override
    public void close() {
        broker.close().orTimeout(20, TimeUnit.SECONDS).join();
        directory.close();
    }

    /** Power fails and returns; the next kit on this disk finds what was forced. */
    void crash(long seed) {
        disk.crash(seed);
    }
}
