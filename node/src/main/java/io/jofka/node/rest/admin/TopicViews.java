package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.ConfigEntry;
import io.jofka.api.model.Partition;
import io.jofka.api.model.Replica;
import io.jofka.api.model.Topic;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ReplicaDescriptions;
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
        Optional<ReplicaDescriptions.Replica> here =
                services.replicas().replica(new TopicPartition(topic.id(), image.partition()));
        @Nullable
        PartitionOffsets offsets =
                here.map(ReplicaDescriptions.Replica::offsets).orElse(null);
        List<Replica> replicas = new ArrayList<>();
        for (int node : image.replicas()) {
            boolean local = offsets != null && node == services.nodeId();
            @Nullable Long end = local ? offset(offsets, PartitionOffsets::logEndOffset) : null;
            @Nullable Long lag = local && node == image.leader() ? Long.valueOf(0) : null;
            replicas.add(new Replica(node, image.isr().contains(node), end, lag));
        }
        @Nullable
        String offline = here.map(ReplicaDescriptions.Replica::offlineReason)
                .filter(reason -> !reason.isEmpty())
                .orElse(null);
        return new Partition(
                topic.name(),
                image.partition(),
                image.leader() < 0 ? null : image.leader(),
                image.leaderEpoch(),
                image.partitionEpoch(),
                replicas,
                image.isr(),
                image.eligible(),
                offset(offsets, PartitionOffsets::logStartOffset),
                offset(offsets, PartitionOffsets::lastStableOffset),
                offset(offsets, PartitionOffsets::highWatermark),
                offset(offsets, PartitionOffsets::logEndOffset),
                here.map(ReplicaDescriptions.Replica::sizeBytes).orElse(null),
                offline);
    }

    /** Negative offsets mean not known. */
    private static @Nullable Long offset(
            @Nullable PartitionOffsets offsets, java.util.function.ToLongFunction<PartitionOffsets> which) {
        if (offsets == null) {
            return null;
        }
        long offset = which.applyAsLong(offsets);
        return offset < 0 ? null : offset;
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
