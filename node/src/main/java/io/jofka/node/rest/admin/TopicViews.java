package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.ConfigEntry;
import io.jofka.api.model.Partition;
import io.jofka.api.model.Replica;
import io.jofka.api.model.Topic;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ReplicaDescriptions.Follower;
import io.jofka.node.broker.ReplicaDescriptions.Led;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.EffectiveConfig;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows topics, partitions and configurations as the contract names them. Thread-safe. */
final class TopicViews {
    private static final Led NOTHING = new Led(PartitionOffsets.UNKNOWN, -1, "", List.of());

    private final AdminServices services;

    TopicViews(AdminServices services) {
        this.services = services;
    }

    TopicImage find(String name) {
        return services.images()
                .current()
                .topic(name)
                .orElseThrow(() -> new Refusal(
                        Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + Parameters.shown(name) + "' does not exist."));
    }

    PartitionImage find(TopicImage topic, String partition) {
        int number = (int) Parameters.whole("partition", partition, 0, Integer.MAX_VALUE);
        if (number >= topic.partitions().size()) {
            String detail = "Topic '" + topic.name() + "' has "
                    + topic.partitions().size() + " partitions; there is no partition " + number + ".";
            throw new Refusal(Fault.UNKNOWN_TOPIC_OR_PARTITION, detail);
        }
        return topic.partitions().get(number);
    }

    Topic topic(TopicImage topic) {
        int behind = 0;
        int leaderless = 0;
        for (PartitionImage partition : topic.partitions()) {
            behind += partition.isr().size() < partition.replicas().size() ? 1 : 0;
            leaderless += partition.leader() < 0 ? 1 : 0;
        }
        return new Topic(
                topic.name(),
                topic.id(),
                topic.internal(),
                topic.partitions().size(),
                replicationFactor(topic),
                behind,
                leaderless,
                new TreeMap<>(topic.configs()),
                topic.createdIndex(),
                topic.changedIndex());
    }

    static int replicationFactor(TopicImage topic) {
        return topic.partitions().isEmpty()
                ? 0
                : topic.partitions().getFirst().replicas().size();
    }

    Partition partition(TopicImage topic, PartitionImage image) {
        return partitions(topic, List.of(image)).getFirst();
    }

    /** Asks each leader once for all of them. */
    List<Partition> partitions(TopicImage topic, List<PartitionImage> images) {
        List<TopicPartition> ids = images.stream()
                .map(image -> new TopicPartition(topic.id(), image.partition()))
                .toList();
        List<Optional<Led>> led = services.replicas().led(ids);
        List<Partition> views = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            TopicPartition id = ids.get(i);
            PartitionImage image = images.get(i);
            Optional<Led> leaders = led.get(i);
            int holder = leaders.isPresent() ? image.leader() : services.nodeId();
            views.add(view(topic, image, holder, leaders.orElseGet(() -> here(id, image.leader()))));
        }
        return views;
    }

    /** What is on this node, where the leader does not say; never asks another node. */
    private Led here(TopicPartition id, int leader) {
        if (leader >= 0 && leader != services.nodeId()) {
            return services.replicas()
                    .logEnd(services.nodeId(), id)
                    .join()
                    .map(end -> new Led(
                            new PartitionOffsets(
                                    end.startOffset(), -1, end.highWatermark(), end.endOffset(), end.lastEpoch()),
                            -1,
                            "",
                            List.of()))
                    .orElse(NOTHING);
        }
        return services.replicas()
                .replica(id)
                .map(r -> new Led(r.offsets(), r.sizeBytes(), r.offlineReason(), List.of()))
                .orElse(NOTHING);
    }

    /** @param holder the node whose replica {@code led} describes */
    private static Partition view(TopicImage topic, PartitionImage image, int holder, Led led) {
        PartitionOffsets offsets = led.offsets();
        return new Partition(
                topic.name(),
                image.partition(),
                image.leader() < 0 ? null : image.leader(),
                image.leaderEpoch(),
                image.partitionEpoch(),
                image.replicas().stream()
                        .map(node -> replica(image, node, holder, led))
                        .toList(),
                image.isr(),
                image.eligible(),
                image.isMoving() ? image.adding() : null,
                image.isMoving() ? image.removing() : null,
                known(offsets.logStartOffset()),
                known(offsets.lastStableOffset()),
                known(offsets.highWatermark()),
                known(offsets.logEndOffset()),
                known(led.sizeBytes()),
                led.offlineReason().isEmpty() ? null : led.offlineReason());
    }

    static Replica replica(PartitionImage image, int node, int holder, Led led) {
        boolean inSync = image.isr().contains(node);
        long end = led.offsets().logEndOffset();
        if (node == holder) {
            return new Replica(node, inSync, known(end), end >= 0 && node == image.leader() ? 0L : null, null);
        }
        for (Follower follower : led.followers()) {
            if (follower.node() == node) {
                return new Replica(
                        node,
                        inSync,
                        follower.endOffset(),
                        Math.max(0, end - follower.endOffset()),
                        follower.fetchedMsAgo());
            }
        }
        return new Replica(node, inSync, null, null, null);
    }

    /** Negative means not known. */
    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }

    static List<ConfigEntry> configs(List<EffectiveConfig> effective, EffectiveConfig.Source own) {
        return effective.stream()
                .map(config -> entry(config, own))
                .sorted(Comparator.comparing(ConfigEntry::name))
                .toList();
    }

    /** The default shown is what would be in force without the resource's own setting. */
    private static ConfigEntry entry(EffectiveConfig config, EffectiveConfig.Source own) {
        String below = config.overridden().stream()
                .filter(setting -> setting.source() != own)
                .findFirst()
                .map(EffectiveConfig.Setting::value)
                .orElse(config.key().defaultValue());
        return new ConfigEntry(
                config.key().name(),
                config.value(),
                config.key().type().name().toLowerCase(Locale.ROOT),
                config.source().name().toLowerCase(Locale.ROOT),
                config.source() == EffectiveConfig.Source.DEFAULT,
                below,
                false,
                false,
                config.key().doc() + " Valid: " + config.key().check().range() + ".");
    }
}
