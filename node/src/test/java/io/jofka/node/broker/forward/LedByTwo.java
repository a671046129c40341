package io.jofka.node.broker.forward;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Metadata with one topic whose leaders a test moves. Thread-safe. */
final class LedByTwo implements Images {
    static final UUID TOPIC = new UUID(1, 2);

    private volatile Snapshot current = new Snapshot(0, List.of());
    /** Runs once, when somebody waits for the next image. */
    private volatile Runnable onWait = () -> {};

    static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC, number);
    }

    synchronized void leaders(int... leaders) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int leader : leaders) {
            partitions.add(
                    new PartitionImage(partitions.size(), List.of(1, 2), List.of(1, 2), List.of(), leader, 1, 1));
        }
        current = new Snapshot(current.index() + 1, partitions);
    }

    void whenWaitedFor(Runnable action) {
        onWait = action;
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public boolean await(long index, int timeoutMs) {
        Runnable action = onWait;
        onWait = () -> {};
        action.run();
        return current.index() >= index;
    }

    @Override
    public void onChange(Listener listener) {
        throw new UnsupportedOperationException("nobody listens");
    }

    private record Snapshot(long index, List<PartitionImage> partitions) implements ClusterImage {
        private TopicImage only() {
            return new TopicImage("orders", TOPIC, false, partitions, Map.of(), 0, 0);
        }

        @Override
        public int term() {
            return 1;
        }

        @Override
        public String clusterId() {
            return "cluster";
        }

        @Override
        public Optional<TopicImage> topic(String name) {
            return Optional.of(only());
        }

        @Override
        public Optional<TopicImage> topic(UUID id) {
            return id.equals(TOPIC) ? Optional.of(only()) : Optional.empty();
        }

        @Override
        public Collection<TopicImage> topics() {
            return List.of(only());
        }

        @Override
        public int partitionCount() {
            return partitions.size();
        }

        @Override
        public Collection<NodeImage> nodes() {
            return List.of();
        }

        @Override
        public Optional<NodeImage> node(int id) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> nodeConfigs(String nodeId) {
            return Map.of();
        }
    }
}
