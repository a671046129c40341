package io.jofka.node.controller;

import io.jofka.node.common.Events;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.TopicImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Says in plain words what committed records changed. On the controller's loop. */
final class MetadataEvents {
    private final Events events;
    private final PartitionEvents partitions;

    MetadataEvents(Events events) {
        this.events = events;
        this.partitions = new PartitionEvents(events);
    }

    void leader(int leader, int term) {
        String sentence = leader < 0
                ? "No controller leads in term " + term
                : "Node " + leader + " is the controller in term " + term;
        events.publish("raft.leader", sentence, Map.of("node", leader, "term", term));
    }

    void snapshot(long index, int term, long tookMs) {
        events.publish(
                "raft.snapshot",
                "Metadata up to index " + index + " was written to a snapshot",
                Map.of("index", index, "term", term, "tookMs", tookMs));
    }

    void snapshotFailed(long index, String why) {
        events.publish(
                "raft.snapshot-failed",
                "The snapshot of metadata up to index " + index + " failed: " + why,
                Map.of("index", index));
    }

    /** One event for each change that a person would want to know; partitions are told with their topic. */
    void committed(List<MetadataRecord> records, MetadataImage before, MetadataImage after) {
        Map<UUID, Integer> grown = new LinkedHashMap<>();
        for (MetadataRecord metadata : records) {
            switch (metadata) {
                case MetadataRecord.Topic topic -> created(topic, after);
                case MetadataRecord.RemoveTopic topic -> deleted(topic.id(), before);
                case MetadataRecord.Partition partition -> {
                    if (before.topic(partition.topicId()).isPresent()) {
                        grown.merge(partition.topicId(), 1, Integer::sum);
                    }
                }
                case MetadataRecord.TopicConfig config -> configured(config, before, after);
                case MetadataRecord.NodeConfig config -> {
                    String node = config.node().isEmpty() ? "all nodes" : "node " + config.node();
                    events.publish(
                            "config.changed",
                            "The configuration of " + node + " was changed",
                            Map.of("resource", "node", "name", config.node(), "keys", keys(config.entries())));
                }
                case MetadataRecord.NodeRegistered registered ->
                    events.publish(
                            "node.registered",
                            "Node " + registered.node().id() + " was registered",
                            Map.of("node", registered.node().id()));
                case MetadataRecord.NodeChange change -> changed(change, before);
                case MetadataRecord.RemoveNode gone ->
                    events.publish(
                            "node.removed",
                            "Node " + gone.id() + " was removed from the cluster",
                            Map.of("node", gone.id()));
                case MetadataRecord.Cluster cluster ->
                    events.publish(
                            "cluster.named",
                            "The cluster " + cluster.clusterId() + " was founded",
                            Map.of("clusterId", cluster.clusterId()));
                case MetadataRecord.PartitionChange _, MetadataRecord.ProducerIdBlock _, MetadataRecord.Feature _ -> {
                    // partitions are told below, the others concern nobody
                }
            }
        }
        partitions.committed(records, before, after);
        grown.forEach((id, more) -> after.topic(id)
                .ifPresent(topic -> events.publish(
                        "topic.grown",
                        "Topic " + topic.name() + " has " + topic.partitions().size() + " partitions now",
                        Map.of(
                                "topic",
                                topic.name(),
                                "partitions",
                                topic.partitions().size(),
                                "added",
                                more))));
    }

    private void changed(MetadataRecord.NodeChange change, MetadataImage before) {
        boolean wasFenced = before.node(change.id()).map(NodeImage::fenced).orElse(true);
        if (wasFenced != change.fenced()) {
            events.publish(
                    change.fenced() ? "node.fenced" : "node.unfenced",
                    "Node " + change.id() + (change.fenced() ? " may not be used" : " may be used"),
                    Map.of("node", change.id()));
        } else if (change.decommissioning()) {
            events.publish(
                    "node.decommissioning",
                    "Node " + change.id() + " is to go: its replicas are moved to other nodes",
                    Map.of("node", change.id()));
        } else {
            events.publish(
                    change.draining() ? "node.draining" : "node.resumed",
                    "Node " + change.id() + (change.draining() ? " hands over what it leads" : " may lead again"),
                    Map.of("node", change.id()));
        }
    }

    private void created(MetadataRecord.Topic topic, MetadataImage after) {
        int partitions =
                after.topic(topic.id()).map(image -> image.partitions().size()).orElse(0);
        events.publish(
                "topic.created",
                "Topic " + topic.name() + " was created with " + partitions + " partitions",
                Map.of("topic", topic.name(), "id", topic.id().toString(), "partitions", partitions));
    }

    private void deleted(UUID id, MetadataImage before) {
        Optional<TopicImage> topic = before.topic(id);
        topic.ifPresent(gone -> events.publish(
                "topic.deleted",
                "Topic " + gone.name() + " was deleted",
                Map.of("topic", gone.name(), "id", id.toString())));
    }

    private void configured(MetadataRecord.TopicConfig config, MetadataImage before, MetadataImage after) {
        if (before.topic(config.topicId()).isPresent()) {
            after.topic(config.topicId())
                    .ifPresent(topic -> events.publish(
                            "config.changed",
                            "The configuration of topic " + topic.name() + " was changed",
                            Map.of("resource", "topic", "name", topic.name(), "keys", keys(config.entries()))));
        }
    }

    private static String keys(Map<String, Optional<String>> entries) {
        return String.join(", ", entries.keySet().stream().sorted().toList());
    }
}
