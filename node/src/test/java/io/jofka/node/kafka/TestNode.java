package io.jofka.node.kafka;

import io.jofka.node.common.SystemClock;
import io.jofka.node.kafka.handler.Handlers;
import io.jofka.node.kafka.handler.Services;
import io.jofka.node.metadata.EffectiveConfigs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A listener over fakes, on a free port. */
final class TestNode implements AutoCloseable {
    final FakeCluster cluster = new FakeCluster();
    final FakeLog log;
    final FakeAdmin admin = new FakeAdmin(cluster);
    final MeterRegistry registry = new SimpleMeterRegistry();
    final ApiTable apis;
    final KafkaListener listener;

    TestNode() throws IOException {
        this(KafkaLimits.defaults());
    }

    TestNode(KafkaLimits limits) throws IOException {
        log = new FakeLog(Files.createTempDirectory("kafka-edge"));
        KafkaConfig config = KafkaConfig.defaults()
                .listeningOn("127.0.0.1", 0)
                .withNodeId(FakeCluster.NODE)
                .withLimits(limits);
        Services services = new Services(
                cluster,
                log,
                log,
                log,
                admin,
                admin,
                admin,
                admin,
                new FakeQuorum(),
                new EffectiveConfigs(FakeCluster.NODE, Map.of()),
                new SystemClock());
        apis = Handlers.of(config, services);
        listener = new KafkaListener(config, apis, new SystemClock(), registry);
        listener.bind();
        cluster.advertise("127.0.0.1", port());
        listener.start();
    }

    /** The default limits with some of them changed, by name. */
    static KafkaLimits limits(Consumer<Map<String, Integer>> change) {
        Map<String, Integer> changed = new HashMap<>();
        change.accept(changed);
        KafkaLimits d = KafkaLimits.defaults();
        return new KafkaLimits(
                changed.getOrDefault("maxConnections", d.maxConnections()),
                changed.getOrDefault("maxFrameBytes", d.maxFrameBytes()),
                changed.getOrDefault("maxControlFrameBytes", d.maxControlFrameBytes()),
                changed.getOrDefault("maxFirstFrameBytes", d.maxFirstFrameBytes()),
                changed.getOrDefault("requestBytes", (int) d.requestBytes()),
                changed.getOrDefault("responseBytes", (int) d.responseBytes()),
                changed.getOrDefault("maxOutstanding", d.maxOutstanding()),
                changed.getOrDefault("idleMs", d.idleMs()),
                changed.getOrDefault("frameMs", d.frameMs()),
                changed.getOrDefault("writeStallMs", d.writeStallMs()),
                changed.getOrDefault("answerMs", d.answerMs()),
                changed.getOrDefault("maxFetchBytes", d.maxFetchBytes()),
                changed.getOrDefault("maxFetchWaitMs", d.maxFetchWaitMs()),
                changed.getOrDefault("adminTimeoutMs", d.adminTimeoutMs()));
    }

    int port() throws IOException {
        return listener.port();
    }

    Wire connect() throws IOException {
        return new Wire(port());
    }

    double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    double lentBytes() {
        return registry.get("jofka.kafka.request.memory.bytes").gauge().value();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            listener.stop(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
