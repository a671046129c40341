package io.jofka.node.metadata;

import io.jofka.node.metadata.EffectiveConfig.Setting;
import io.jofka.node.metadata.EffectiveConfig.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves configuration on one node: topic, then this node's, then the cluster's dynamic settings, then the node's own
 * start configuration, then the built-in default. Immutable, thread-safe, pure.
 */
public final class EffectiveConfigs {
    private final String nodeId;
    private final Map<String, String> startValues;

    /** @param startValues keys of {@link NodeConfigs} that were set when the node was started; already validated */
    public EffectiveConfigs(int nodeId, Map<String, String> startValues) {
        this.nodeId = Integer.toString(nodeId);
        this.startValues = Map.copyOf(startValues);
    }

    /** All keys of a topic, in the order of the table. */
    public List<EffectiveConfig> topic(ClusterImage image, TopicImage topic) {
        List<EffectiveConfig> all = new ArrayList<>();
        for (ConfigKey key : TopicConfigs.table().keys()) {
            List<Setting> settings = new ArrayList<>();
            add(settings, key.name(), topic.configs(), Source.TOPIC);
            addNodeSettings(settings, image, key.nodeKey(), nodeId);
            all.add(effective(key, settings));
        }
        return all;
    }

    /** All dynamic keys of a node; an empty id is the cluster-wide default. */
    public List<EffectiveConfig> node(ClusterImage image, String id) {
        List<EffectiveConfig> all = new ArrayList<>();
        for (ConfigKey key : NodeConfigs.table().keys()) {
            List<Setting> settings = new ArrayList<>();
            addNodeSettings(settings, image, key.name(), id);
            all.add(effective(key, settings));
        }
        return all;
    }

    /** The value in force for one key of a topic. */
    public String topicValue(ClusterImage image, Map<String, String> topicConfigs, ConfigKey key) {
        String own = topicConfigs.get(key.name());
        return own != null ? own : nodeValue(image, key.nodeKey()).orElse(key.defaultValue());
    }

    /** The value in force for one key of this node. */
    public String nodeValue(ClusterImage image, ConfigKey key) {
        return nodeValue(image, key.name()).orElse(key.defaultValue());
    }

    /** The values in force for a topic, typed. Topics without own settings should share one result. */
    public TopicSettings settings(ClusterImage image, Map<String, String> topicConfigs) {
        return TopicSettings.of(key -> topicValue(image, topicConfigs, key));
    }

    private Optional<String> nodeValue(ClusterImage image, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String value = image.nodeConfigs(nodeId).get(name);
        if (value == null) {
            value = image.nodeConfigs("").get(name);
        }
        if (value == null) {
            value = startValues.get(name);
        }
        return Optional.ofNullable(value);
    }

    private void addNodeSettings(List<Setting> settings, ClusterImage image, String name, String id) {
        if (name.isEmpty()) {
            return;
        }
        if (!id.isEmpty()) {
            add(settings, name, image.nodeConfigs(id), Source.NODE);
        }
        add(settings, name, image.nodeConfigs(""), Source.CLUSTER);
        if (id.isEmpty() || id.equals(nodeId)) {
            add(settings, name, startValues, Source.STATIC);
        }
    }

    private static void add(List<Setting> settings, String name, Map<String, String> values, Source source) {
        String value = values.get(name);
        if (value != null) {
            settings.add(new Setting(name, value, source));
        }
    }

    private static EffectiveConfig effective(ConfigKey key, List<Setting> settings) {
        String name = key.nodeKey().isEmpty() ? key.name() : key.nodeKey();
        settings.add(new Setting(name, key.defaultValue(), Source.DEFAULT));
        Setting first = settings.getFirst();
        return new EffectiveConfig(key, first.value(), first.source(), List.copyOf(settings));
    }
}
