package io.jofka.node.rest.admin;

import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.TopicImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/** An image made of plain maps. */
record FakeImage(
        long index,
        SortedMap<String, TopicImage> byName,
        List<NodeImage> nodes,
        Map<String, Map<String, String>> configs)
        implements ClusterImage {
    @Override
    public int term() {
        return 1;
    }

    @Override
    public String clusterId() {
        return "fake-cluster";
    }

    @Override
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Optional<TopicImage> topic(UUID id) {
        return byName.values().stream().filter(t -> t.id().equals(id)).findFirst();
    }

    @Override
    public Collection<TopicImage> topics() {
        return byName.values();
    }

    @Override
    public int partitionCount() {
        return byName.values().stream().mapToInt(t -> t.partitions().size()).sum();
    }

    @Override
    public Optional<NodeImage> node(int id) {
        return nodes.stream().filter(n -> n.id() == id).findFirst();
    }

    @Override
    public Map<String, String> nodeConfigs(String nodeId) {
        return configs.getOrDefault(nodeId, Map.of());
    }
}
