package io.jofka.node.controller;

import io.jofka.node.common.Events;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.MetadataRecord.PartitionChange;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells who leads and who is in sync now: each partition by itself while they are few, otherwise their number. */
final class PartitionEvents {
    private static final int MAX_EACH = 100;

    private final Events events;

    PartitionEvents(Events events) {
        this.events = events;
    }

    void committed(List<MetadataRecord> records, MetadataImage before, MetadataImage after) {
        List<PartitionChange> changes = records.stream()
                .filter(PartitionChange.class::isInstance)
                .map(PartitionChange.class::cast)
                .toList();
        if (changes.size() <= MAX_EACH) {
            changes.forEach(change -> tell(change, before, after));
        } else {
            events.publish(
                    "partitions.changed",
                    changes.size() + " partitions have other leaders or in-sync sets",
                    Map.of("partitions", changes.size()));
        }
    }

    private void tell(PartitionChange change, MetadataImage before, MetadataImage after) {
        Optional<PartitionImage> old = partition(before, change);
        Optional<PartitionImage> now = partition(after, change);
        if (old.isEmpty() || now.isEmpty()) {
            return;
        }
        String topic = after.topic(change.topicId()).map(TopicImage::name).orElse("");
        PartitionImage partition = now.get();
        String name = "Partition " + change.partition() + " of topic " + topic;
        if (partition.leaderEpoch() != old.get().leaderEpoch()) {
            events.publish(
                    "partition.leader",
                    partition.leader() < 0
                            ? name + " has no leader"
                            : "Node " + partition.leader() + " leads " + name + " in epoch " + partition.leaderEpoch(),
                    Map.of(
                            "topic", topic,
                            "partition", change.partition(),
                            "leader", partition.leader(),
                            "before", old.get().leader(),
                            "epoch", partition.leaderEpoch()));
        }
        if (!partition.isr().equals(old.get().isr())) {
            events.publish(
                    "partition.isr",
                    name + " is in sync on " + partition.isr() + ", before on "
                            + old.get().isr(),
                    Map.of(
                            "topic", topic,
                            "partition", change.partition(),
                            "isr", partition.isr().toString(),
                            "before", old.get().isr().toString()));
        }
    }

    private static Optional<PartitionImage> partition(MetadataImage image, PartitionChange change) {
        return image.topic(change.topicId())
                .filter(topic -> change.partition() < topic.partitions().size())
                .map(topic -> topic.partitions().get(change.partition()));
    }
}
