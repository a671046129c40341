package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.ConfigKey.ValueType;
import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.ConfigChange;
import io.jofka.node.metadata.MetadataCommand.ConfigOp;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Decisions about configurations (KIP-339). Pure. */
final class ConfigDecisions {
    private final MetadataLimits limits;
    private final EffectiveConfigs defaults;

    ConfigDecisions(MetadataLimits limits, EffectiveConfigs defaults) {
        this.limits = limits;
        this.defaults = defaults;
    }

    Decision<List<Verdict<String>>> alter(MetadataImage image, AlterConfigs command) {
        Map<String, Integer> seen = new HashMap<>();
        command.changes().forEach(change -> seen.merge(change.topic() + change.resource(), 1, Integer::sum));
        List<MetadataRecord> records = new ArrayList<>();
        List<Verdict<String>> verdicts = new ArrayList<>();
        for (ConfigChange change : command.changes()) {
            if (Objects.requireNonNullElse(seen.get(change.topic() + change.resource()), 0) > 1) {
                verdicts.add(Verdict.refused(
                        Fault.INVALID_PARAMETER, "'" + Quoted.of(change.resource()) + "' is named twice"));
            } else if (change.topic()) {
                verdicts.add(alterTopic(image, change, records));
            } else {
                verdicts.add(alterNode(image, change, records));
            }
        }
        return new Decision<>(records, verdicts);
    }

    /** What is wrong with the settings of a new topic; empty when they are valid. */
    Optional<Verdict.Refused<?>> problem(Map<String, String> configs) {
        for (Map.Entry<String, String> entry : new TreeMap<>(configs).entrySet()) {
            Optional<String> wrong = problem(TopicConfigs.table(), entry.getKey(), entry.getValue());
            if (wrong.isPresent()) {
                return Optional.of(new Verdict.Refused<>(
                        Fault.INVALID_CONFIG, wrong.get(), "/configs/" + Quoted.of(entry.getKey())));
            }
        }
        return TopicConfigs.conflict(configs)
                .map(wrong -> new Verdict.Refused<>(Fault.INVALID_CONFIG, wrong, "/configs"));
    }

    private Verdict<String> alterTopic(MetadataImage image, ConfigChange change, List<MetadataRecord> records) {
        Optional<TopicImage> topic = image.topic(change.resource());
        if (topic.isEmpty()) {
            return Verdict.refused(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + Quoted.of(change.resource()) + "' does not exist");
        }
        Optional<Long> expected = change.expectedChangedIndex();
        if (expected.isPresent() && expected.get() != topic.get().changedIndex()) {
            return Verdict.refused(
                    Fault.PRECONDITION_FAILED, "Topic '" + change.resource() + "' has changed since it was read");
        }
        Map<String, String> before = topic.get().configs();
        return switch (apply(image, TopicConfigs.table(), before, change)) {
            case Result.Wrong wrong -> Verdict.refused(wrong.fault(), wrong.detail(), wrong.pointer());
            case Result.Configs after -> {
                Optional<String> conflict = TopicConfigs.conflict(after.values());
                if (conflict.isPresent()) {
                    yield Verdict.refused(Fault.INVALID_CONFIG, conflict.get(), "/configs");
                }
                Map<String, Optional<String>> entries = difference(before, after.values());
                if (!entries.isEmpty()) {
                    records.add(new MetadataRecord.TopicConfig(topic.get().id(), entries));
                }
                yield new Accepted<>(change.resource());
            }
        };
    }

    private Verdict<String> alterNode(MetadataImage image, ConfigChange change, List<MetadataRecord> records) {
        String node = change.resource();
        if (!node.isEmpty() && image.nodes().stream().noneMatch(known -> node.equals(Integer.toString(known.id())))) {
            return Verdict.refused(Fault.UNKNOWN_NODE, "Node '" + Quoted.of(node) + "' does not exist");
        }
        Map<String, String> before = image.nodeConfigs(node);
        return switch (apply(image, NodeConfigs.table(), before, change)) {
            case Result.Wrong wrong -> Verdict.refused(wrong.fault(), wrong.detail(), wrong.pointer());
            case Result.Configs after -> {
                Optional<String> tooMany = tooManyPartitions(after.values());
                if (tooMany.isPresent()) {
                    yield Verdict.refused(
                            Fault.INVALID_CONFIG, tooMany.get(), "/configs/" + NodeConfigs.NUM_PARTITIONS);
                }
                Map<String, Optional<String>> entries = difference(before, after.values());
                if (!entries.isEmpty()) {
                    records.add(new MetadataRecord.NodeConfig(node, entries));
                }
                yield new Accepted<>(node);
            }
        };
    }

    private Optional<String> tooManyPartitions(Map<String, String> configs) {
        String partitions = configs.get(NodeConfigs.NUM_PARTITIONS);
        return partitions != null && Integer.parseInt(partitions) > limits.maxPartitionsPerTopic()
                ? Optional.of(NodeConfigs.NUM_PARTITIONS + " must be at most " + limits.maxPartitionsPerTopic())
                : Optional.empty();
    }

    private Result apply(MetadataImage image, ConfigTable table, Map<String, String> before, ConfigChange change) {
        Map<String, String> configs = new TreeMap<>(before);
        Set<String> keys = new HashSet<>();
        for (ConfigOp op : change.ops()) {
            String pointer = "/configs/" + Quoted.of(op.key());
            Optional<ConfigKey> key = table.key(op.key());
            if (key.isEmpty()) {
                String unknown = table.problem(op.key(), "").orElseThrow();
                return new Result.Wrong(Fault.INVALID_CONFIG, unknown, pointer);
            }
            if (!keys.add(op.key())) {
                return new Result.Wrong(Fault.INVALID_PARAMETER, op.key() + " is named twice", pointer);
            }
            Optional<String> wrong = applyOne(image, key.get(), configs, op);
            if (wrong.isPresent()) {
                return new Result.Wrong(Fault.INVALID_CONFIG, wrong.get(), pointer);
            }
        }
        return new Result.Configs(configs);
    }

    private Optional<String> applyOne(MetadataImage image, ConfigKey key, Map<String, String> configs, ConfigOp op) {
        boolean listOp = op.kind() == ConfigOp.Kind.APPEND || op.kind() == ConfigOp.Kind.SUBTRACT;
        if (listOp && key.type() != ValueType.LIST) {
            return Optional.of(key.name() + " is not a list, so nothing can be appended or subtracted");
        }
        if (op.kind() == ConfigOp.Kind.DELETE) {
            configs.remove(key.name());
            return Optional.empty();
        }
        Optional<String> tooLong = tooLong(key.name(), op.value());
        if (tooLong.isPresent()) {
            return tooLong;
        }
        String value = op.value().strip();
        if (listOp) {
            List<String> items = new ArrayList<>(ConfigLists.split(defaults.topicValue(image, configs, key)));
            List<String> operands = ConfigLists.split(value);
            if (op.kind() == ConfigOp.Kind.APPEND) {
                operands.stream().filter(item -> !items.contains(item)).forEach(items::add);
            } else {
                items.removeAll(operands);
            }
            value = ConfigLists.join(items);
        }
        configs.put(key.name(), value);
        String set = value;
        return tooLong(key.name(), set).or(() -> key.problem(set).map(wrong -> key.name() + " " + wrong));
    }

    private Optional<String> problem(ConfigTable table, String key, String value) {
        return tooLong(key, value).or(() -> table.problem(key, value));
    }

    private Optional<String> tooLong(String key, String value) {
        return value.length() > limits.maxConfigValueLength()
                ? Optional.of("The value of " + Quoted.of(key) + " is longer than " + limits.maxConfigValueLength()
                        + " characters")
                : Optional.empty();
    }

    private static Map<String, Optional<String>> difference(Map<String, String> before, Map<String, String> after) {
        Map<String, Optional<String>> entries = new HashMap<>();
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                entries.put(key, Optional.of(value));
            }
        });
        before.keySet().stream()
                .filter(key -> !after.containsKey(key))
                .forEach(key -> entries.put(key, Optional.empty()));
        return Map.copyOf(entries);
    }

    private sealed interface Result {
        record Configs(Map<String, String> values) implements Result {}

        record Wrong(Fault fault, String detail, String pointer) implements Result {}
    }
}
