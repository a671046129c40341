package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.CreatedTopic;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.RemovedTopic;
import io.jofka.node.metadata.MetadataCommand.TopicKey;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Decisions about topics: making, removing, growing. Pure. */
final class TopicDecisions {
    private final MetadataLimits limits;
    private final PartitionDecisions partitions;
    private final ConfigDecisions configs;

    TopicDecisions(MetadataLimits limits, EffectiveConfigs defaults, ConfigDecisions configs) {
        this.limits = limits;
        this.partitions = new PartitionDecisions(limits, defaults);
        this.configs = configs;
    }

    Decision<List<Verdict<CreatedTopic>>> create(MetadataImage image, CreateTopics command) {
        Map<String, Integer> seen = new HashMap<>();
        command.topics().forEach(topic -> seen.merge(topic.name(), 1, Integer::sum));
        Batch batch = new Batch(image, new ReplicaPlacement(image));
        List<Verdict<CreatedTopic>> verdicts = new ArrayList<>();
        for (NewTopic topic : command.topics()) {
            if (Objects.requireNonNullElse(seen.get(topic.name()), 0) > 1) {
                verdicts.add(Verdict.refused(
                        Fault.INVALID_PARAMETER, "Topic '" + Quoted.of(topic.name()) + "' is named twice", "/name"));
            } else {
                verdicts.add(create(batch, topic));
            }
        }
        return new Decision<>(batch.records, verdicts);
    }

    Decision<List<Verdict<RemovedTopic>>> delete(MetadataImage image, DeleteTopics command) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Verdict<RemovedTopic>> verdicts = new ArrayList<>();
        Set<UUID> removed = new HashSet<>();
        for (TopicKey key : command.topics()) {
            Verdict<TopicImage> found = find(image, key);
            verdicts.add(
                    switch (found) {
                        case Verdict.Refused<TopicImage> no -> Verdict.refused(no.fault(), no.detail(), no.pointer());
                        case Accepted<TopicImage>(TopicImage topic)
                        when !removed.add(topic.id()) ->
                            Verdict.refused(Fault.INVALID_PARAMETER, "Topic '" + topic.name() + "' is named twice");
                        case Accepted<TopicImage>(TopicImage topic) -> {
                            records.add(new MetadataRecord.RemoveTopic(topic.id()));
                            yield new Accepted<>(new RemovedTopic(topic.name(), topic.id()));
                        }
                    });
        }
        return new Decision<>(records, verdicts);
    }

    Decision<List<Verdict<Integer>>> grow(MetadataImage image, MetadataCommand.GrowTopics command) {
        Map<String, Integer> seen = new HashMap<>();
        command.growths().forEach(growth -> seen.merge(growth.topic(), 1, Integer::sum));
        Batch batch = new Batch(image, new ReplicaPlacement(image));
        List<Verdict<Integer>> verdicts = new ArrayList<>();
        for (MetadataCommand.Growth growth : command.growths()) {
            if (Objects.requireNonNullElse(seen.get(growth.topic()), 0) > 1) {
                verdicts.add(Verdict.refused(
                        Fault.INVALID_PARAMETER, "Topic '" + Quoted.of(growth.topic()) + "' is named twice"));
            } else {
                verdicts.add(grow(batch, growth));
            }
        }
        return new Decision<>(batch.records, verdicts);
    }

    private Verdict<CreatedTopic> create(Batch batch, NewTopic topic) {
        Optional<Verdict<CreatedTopic>> badName = nameProblem(batch, topic.name());
        if (badName.isPresent()) {
            return badName.get();
        }
        Optional<Verdict.Refused<?>> badConfig = configs.problem(topic.configs());
        if (badConfig.isPresent()) {
            Verdict.Refused<?> no = badConfig.get();
            return Verdict.refused(no.fault(), no.detail(), no.pointer());
        }
        return switch (partitions.ofNewTopic(batch.image, batch.placement, topic, batch.newPartitions)) {
            case Verdict.Refused<List<List<Integer>>> no -> Verdict.refused(no.fault(), no.detail(), no.pointer());
            case Accepted<List<List<Integer>>>(List<List<Integer>> assignment) -> {
                int bytes = partitions.recordBytes(assignment) + topic.name().length() + 64;
                bytes += topic.configs().values().stream()
                        .mapToInt(value -> value.length() * 3 + 64)
                        .sum();
                if (!batch.fits(bytes, limits)) {
                    yield Verdict.refused(
                            Fault.POLICY_VIOLATION, "The request makes more metadata than one batch holds: split it");
                }
                batch.add(topic, assignment, partitions);
                Map<String, String> stripped = stripped(topic.configs());
                int replicas = assignment.getFirst().size();
                yield new Accepted<>(new CreatedTopic(topic.name(), topic.id(), assignment.size(), replicas, stripped));
            }
        };
    }

    private static Optional<Verdict<CreatedTopic>> nameProblem(Batch batch, String name) {
        Optional<String> bad = TopicNames.problem(name);
        if (bad.isPresent()) {
            return Optional.of(Verdict.refused(Fault.INVALID_TOPIC, bad.get(), "/name"));
        }
        if (batch.image.topic(name).isPresent()) {
            return Optional.of(
                    Verdict.refused(Fault.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists", "/name"));
        }
        Optional<String> other = batch.image
                .collidingName(name)
                .or(() -> Optional.ofNullable(batch.collidingNames.get(TopicNames.collisionKey(name))));
        return other.map(existing -> Verdict.refused(
                Fault.INVALID_TOPIC,
                "Topic '" + name + "' collides with existing topic '" + existing
                        + "': '.' and '_' must not be the only difference",
                "/name"));
    }

    private static Verdict<TopicImage> find(MetadataImage image, TopicKey key) {
        if (key.name().isPresent() == key.id().isPresent()) {
            return Verdict.refused(Fault.INVALID_PARAMETER, "Name a topic either by its name or by its id");
        }
        Optional<TopicImage> found = key.name().isPresent()
                ? image.topic(key.name().get())
                : image.topic(key.id().orElseThrow());
        if (found.isEmpty()) {
            return key.name().isPresent()
                    ? Verdict.refused(
                            Fault.UNKNOWN_TOPIC_OR_PARTITION,
                            "Topic '" + Quoted.of(key.name().get()) + "' does not exist")
                    : Verdict.refused(
                            Fault.UNKNOWN_TOPIC_ID,
                            "No topic has the id " + key.id().get());
        }
        Optional<Long> expected = key.expectedChangedIndex();
        if (expected.isPresent() && expected.get() != found.get().changedIndex()) {
            return Verdict.refused(
                    Fault.PRECONDITION_FAILED, "Topic '" + found.get().name() + "' has changed since it was read");
        }
        return new Accepted<>(found.get());
    }

    private Verdict<Integer> grow(Batch batch, MetadataCommand.Growth growth) {
        Optional<TopicImage> topic = batch.image.topic(growth.topic());
        if (topic.isEmpty()) {
            return Verdict.refused(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + Quoted.of(growth.topic()) + "' does not exist");
        }
        return switch (partitions.ofGrowth(batch.image, batch.placement, topic.get(), growth, batch.newPartitions)) {
            case Verdict.Refused<List<List<Integer>>> no -> Verdict.refused(no.fault(), no.detail(), no.pointer());
            case Accepted<List<List<Integer>>>(List<List<Integer>> assignment) -> {
                if (!batch.fits(partitions.recordBytes(assignment), limits)) {
                    yield Verdict.refused(
                            Fault.POLICY_VIOLATION, "The request makes more metadata than one batch holds: split it");
                }
                int first = topic.get().partitions().size();
                batch.addPartitions(topic.get().id(), first, assignment, partitions);
                yield new Accepted<>(growth.totalPartitions());
            }
        };
    }

    private static Map<String, String> stripped(Map<String, String> configs) {
        Map<String, String> stripped = new HashMap<>();
        configs.forEach((key, value) -> stripped.put(key, value.strip()));
        return Map.copyOf(stripped);
    }

    /** What one command has decided so far. */
    private static final class Batch {
        final MetadataImage image;
        final ReplicaPlacement placement;
        final List<MetadataRecord> records = new ArrayList<>();
        final Map<String, String> collidingNames = new HashMap<>();
        int newPartitions;
        private long bytes;

        Batch(MetadataImage image, ReplicaPlacement placement) {
            this.image = image;
            this.placement = placement;
        }

        boolean fits(int more, MetadataLimits limits) {
            return bytes + more <= limits.maxCommandBytes();
        }

        void add(NewTopic topic, List<List<Integer>> assignment, PartitionDecisions partitions) {
            boolean internal = TopicNames.isInternal(topic.name());
            records.add(new MetadataRecord.Topic(topic.name(), topic.id(), internal, -1, -1));
            addPartitions(topic.id(), 0, assignment, partitions);
            if (!topic.configs().isEmpty()) {
                Map<String, Optional<String>> entries = new HashMap<>();
                stripped(topic.configs()).forEach((key, value) -> entries.put(key, Optional.of(value)));
                records.add(new MetadataRecord.TopicConfig(topic.id(), Map.copyOf(entries)));
            }
            collidingNames.put(TopicNames.collisionKey(topic.name()), topic.name());
        }

        void addPartitions(UUID id, int first, List<List<Integer>> assignment, PartitionDecisions partitions) {
            int number = first;
            for (List<Integer> replicas : assignment) {
                records.add(new MetadataRecord.Partition(id, partitions.fresh(image, number++, replicas)));
            }
            newPartitions += assignment.size();
            bytes += partitions.recordBytes(assignment);
        }
    }
}
