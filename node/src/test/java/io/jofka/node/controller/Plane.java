package io.jofka.node.controller;

import io.jofka.node.common.NoNet;
import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import io.jofka.node.consensus.KafkaRaftMetadataLog;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Created;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicSpec;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.storage.NioDisk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node's metadata side on the real engine and disk, for tests. */
record Plane(MetadataPlane plane, List<String> events, List<Throwable> faults) implements AutoCloseable {
    static Plane start(Path directory) throws Exception {
        return start(MetadataPlaneConfig.defaults(directory.resolve("metadata"), 1));
    }

    static Plane start(MetadataPlaneConfig config) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        List<Throwable> faults = new CopyOnWriteArrayList<>();
        SecureSeed seed = new SecureSeed();
        MetadataPlane plane = new MetadataPlane(
                config,
                new KafkaRaftMetadataLog(config.raft(), new io.jofka.node.common.NoNet(), new SystemClock(), seed),
                new NoNet(),
                new NioDisk(),
                new SystemClock(),
                seed,
                (type, sentence, details) -> events.add(type),
                new SimpleMeterRegistry(),
                (what, cause) -> faults.add(cause));
        plane.start();
        plane.register(Map.of("kafka", new Endpoint("localhost", 9092))).get(20, TimeUnit.SECONDS);
        return new Plane(plane, events, faults);
    }

    static MetadataPlaneConfig withSnapshotBytes(Path directory, long snapshotBytes) {
        MetadataPlaneConfig standard = MetadataPlaneConfig.defaults(directory.resolve("metadata"), 1);
        return new MetadataPlaneConfig(
                standard.raft(),
                standard.rack(),
                standard.broker(),
                standard.controller(),
                standard.alone(),
                standard.logDirectories(),
                standard.startConfigs(),
                standard.limits(),
                standard.maxWaiting(),
                snapshotBytes,
                standard.snapshotIntervalMs(),
                standard.producerIdBlock(),
                standard.startTimeoutMs(),
                standard.heartbeats());
    }

    static TopicSpec spec(String name, int partitions, Map<String, String> configs) {
        return new TopicSpec(name, partitions, 1, Map.of(), configs);
    }

    Created create(String name, int partitions, Map<String, String> configs) throws Exception {
        Answer<Created> answer = plane.topics()
                .createTopics(List.of(spec(name, partitions, configs)), false, 10_000)
                .get(10, TimeUnit.SECONDS);
        return switch (answer.outcomes().getFirst()) {
            case Outcome.Ok<Created>(Created made) -> made;
            case Outcome.Refused<Created> no -> throw new AssertionError(no.fault() + ": " + no.detail());
        };
    }

    long block() throws Exception {
        return plane.producerIds().nextBlock().get(10, TimeUnit.SECONDS).firstId();
    }

    int leaderEpoch(String topic, int partition) {
        return plane.images()
                .current()
                .topic(topic)
                .orElseThrow()
                .partitions()
                .get(partition)
                .leaderEpoch();
    }

    /** All topics without what a new life of the node changes. */
    List<String> describe() {
        return plane.images().current().topics().stream()
                .map(topic -> topic.name() + topic.id() + topic.configs()
                        + topic.partitions().size() + " " + topic.createdIndex() + " " + topic.changedIndex())
                .toList();
    }

    @Override
    public void close() {
        plane.close();
    }
}
