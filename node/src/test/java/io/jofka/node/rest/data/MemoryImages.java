package io.jofka.node.rest.data;

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
import java.util.TreeMap;
import java.util.UUID;

/** Metadata that a test writes by hand. */
final class MemoryImages implements Images {
    private volatile Map<String, TopicImage> topics = Map.of();
    private volatile Map<String, String> clusterConfigs = Map.of();
    private volatile long index = 1;

    /** Creates the topic, or replaces its partitions and configuration. */
    synchronized TopicImage topic(String name, int partitions, Map<String, String> configs) {
        TopicImage old = topics.get(name);
        List<PartitionImage> list = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            list.add(new PartitionImage(i, List.of(1), List.of(1), List.of(), 1, 1, 1));
        }
        UUID id = old == null ? UUID.randomUUID() : old.id();
        TopicImage image = new TopicImage(name, id, false, List.copyOf(list), configs, index, index);
        Map<String, TopicImage> next = new TreeMap<>(topics);
        next.put(name, image);
        topics = next;
        index++;
        return image;
    }

    /** Sets the dynamic configuration of all nodes. */
    synchronized void clusterConfigs(Map<String, String> configs) {
        clusterConfigs = configs;
        index++;
    }

    synchronized void remove(String name) {
        Map<String, TopicImage> next = new TreeMap<>(topics);
        next.remove(name);
        topics = next;
        index++;
    }

    @Override
    public ClusterImage current() {
        Map<String, TopicImage> now = topics;
        Map<String, String> configs = clusterConfigs;
        long at = index;
        return new ClusterImage() {
            @Override
            public long index() {
                return at;
            }

            @Override
            public int term() {
                return 1;
            }

            @Override
            public String clusterId() {
                return "test";
            }

            @Override
            public Optional<TopicImage> topic(String name) {
                return Optional.ofNullable(now.get(name));
            }

            @Override
            public Optional<TopicImage> topic(UUID id) {
                return now.values().stream().filter(t -> t.id().equals(id)).findFirst();
            }

            @Override
            public Collection<TopicImage> topics() {
                return now.values();
            }

            @Override
            public int partitionCount() {
                return now.values().stream()
                        .mapToInt(t -> t.partitions().size())
                        .sum();
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
                return nodeId.isEmpty() ? configs : Map.of();
            }
        };
    }

    @Override
    public boolean await(long wanted, int timeoutMs) {
        return index >= wanted;
    }

    @Override
    public void onChange(Listener listener) {
        throw new UnsupportedOperationException("no test needs it");
    }
}
