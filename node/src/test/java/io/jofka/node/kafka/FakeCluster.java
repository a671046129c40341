package io.jofka.node.kafka;

import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Metadata of one node in memory; each change is a new image. */
final class FakeCluster implements Images {
    static final int NODE = 1;

    private volatile Image image = new Image(Map.of(), "127.0.0.1", 9092, Map.of());

    record Image(Map<String, TopicImage> byName, String host, int port, Map<String, Map<String, String>> configs)
            implements ClusterImage {
        @Override
        public long index() {
            return byName.size();
        }

        @Override
        public int term() {
            return 1;
        }

        @Override
        public String clusterId() {
            return "test-cluster-id-000000";
        }

        @Override
        public Optional<TopicImage> topic(String name) {
            return Optional.ofNullable(byName.get(name));
        }

        @Override
        public Optional<TopicImage> topic(UUID id) {
            return byName.values().stream()
                    .filter(topic -> topic.id().equals(id))
                    .findFirst();
        }

        @Override
        public Collection<TopicImage> topics() {
            return new ArrayList<>(new TreeMap<>(byName).values());
        }

        @Override
        public int partitionCount() {
            return byName.values().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
        }

        @Override
        public Collection<NodeImage> nodes() {
            return List.of(new NodeImage(
                    NODE,
                    new UUID(1, 1),
                    true,
                    true,
                    false,
                    "",
                    Map.of("kafka", new NodeImage.Endpoint(host, port)),
                    List.of(new UUID(2, 2))));
        }

        @Override
        public Optional<NodeImage> node(int id) {
            return nodes().stream().filter(node -> node.id() == id).findFirst();
        }

        @Override
        public Map<String, String> nodeConfigs(String nodeId) {
            return configs.getOrDefault(nodeId, Map.of());
        }
    }

    @Override
    public Image current() {
        return image;
    }

    @Override
    public boolean await(long index, int timeoutMs) {
        return image.index() >= index;
    }

    @Override
    public void onChange(Listener listener) {
        throw new UnsupportedOperationException("the Kafka edge reads images and does not listen");
    }

    synchronized void advertise(String host, int port) {
        image = new Image(image.byName(), host, port, image.configs());
    }

    synchronized TopicImage add(String name, int partitions, Map<String, String> configs) {
        List<PartitionImage> list = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            list.add(new PartitionImage(i, List.of(NODE), List.of(NODE), List.of(), NODE, 0, 0));
        }
        TopicImage before = image.byName().get(name);
        UUID id = before == null ? UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) : before.id();
        TopicImage topic = new TopicImage(name, id, false, list, configs, 0, 0);
        Map<String, TopicImage> topics = new TreeMap<>(image.byName());
        topics.put(name, topic);
        image = new Image(topics, image.host(), image.port(), image.configs());
        return topic;
    }

    /** Puts one partition of a topic into another state. */
    synchronized void replace(String name, PartitionImage partition) {
        TopicImage topic = image.topic(name).orElseThrow();
        List<PartitionImage> list = new ArrayList<>(topic.partitions());
        list.set(partition.partition(), partition);
        Map<String, TopicImage> topics = new TreeMap<>(image.byName());
        topics.put(name, new TopicImage(name, topic.id(), false, list, topic.configs(), 0, 0));
        image = new Image(topics, image.host(), image.port(), image.configs());
    }

    synchronized void remove(String name) {
        Map<String, TopicImage> topics = new TreeMap<>(image.byName());
        topics.remove(name);
        image = new Image(topics, image.host(), image.port(), image.configs());
    }
}
