package io.jofka.node.broker;

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
import java.util.concurrent.CopyOnWriteArrayList;

/** Committed metadata that a test writes by hand. */
final class TestImages implements Images {
    private final Map<String, TopicImage> topics = new TreeMap<>();
    private final Map<Integer, NodeImage> nodes = new TreeMap<>();
    private volatile Map<String, String> defaults = Map.of();
    private volatile ClusterImage current = new Snapshot(-1, Map.of(), Map.of(), Map.of());
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** An image of topics, of nodes where a test has put some, and of the settings of all nodes. */
    private record Snapshot(
            long index, Map<String, TopicImage> named, Map<Integer, NodeImage> byId, Map<String, String> defaults)
            implements ClusterImage {
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
            return Optional.ofNullable(named.get(name));
        }

        @Override
        public Optional<TopicImage> topic(UUID id) {
            return named.values().stream().filter(t -> t.id().equals(id)).findFirst();
        }

        @Override
        public Collection<TopicImage> topics() {
            return named.values();
        }

        @Override
        public int partitionCount() {
            return named.values().stream().mapToInt(t -> t.partitions().size()).sum();
        }

        @Override
        public Collection<NodeImage> nodes() {
            return byId.values();
        }

        @Override
        public Optional<NodeImage> node(int id) {
            return Optional.ofNullable(byId.get(id));
        }

        @Override
        public Map<String, String> nodeConfigs(String nodeId) {
            return nodeId.isEmpty() ? defaults : Map.of();
        }
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public boolean await(long index, int timeoutMs) {
        return current.index() >= index;
    }

    @Override
    public void onChange(Listener added) {
        listeners.add(added);
        added.changed(new Snapshot(-1, Map.of(), Map.of(), Map.of()), current);
    }

    UUID put(String name, UUID id, int partitions, int leader, int epoch, Map<String, String> configs) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(new PartitionImage(i, List.of(1), List.of(1), List.of(), leader, epoch, epoch));
        }
        topics.put(name, new TopicImage(name, id, false, images, configs, 0, 0));
        commit();
        return id;
    }

    UUID create(String name, int partitions, Map<String, String> configs) {
        return put(name, new UUID(name.hashCode(), current.index()), partitions, BrokerKit.NODE, 1, configs);
    }

    /** A topic of one partition, as a controller would give it out. */
    UUID put(String name, UUID id, PartitionImage partition, Map<String, String> configs) {
        topics.put(name, new TopicImage(name, id, false, List.of(partition), configs, 0, 0));
        commit();
        return id;
    }

    void put(NodeImage node) {
        nodes.put(node.id(), node);
        commit();
    }

    /** The settings of all nodes. */
    void configure(Map<String, String> settings) {
        defaults = Map.copyOf(settings);
        commit();
    }

    void remove(String name) {
        topics.remove(name);
        commit();
    }

    private void commit() {
        ClusterImage before = current;
        current = new Snapshot(before.index() + 1, new TreeMap<>(topics), new TreeMap<>(nodes), defaults);
        for (Listener listener : listeners) {
            listener.changed(before, current);
        }
    }
}
