package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ConfigKey.ValueType;
import io.jofka.node.metadata.EffectiveConfig;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** Configuration in force, and Kafka's names for its sources and types. Thread-safe. */
final class ConfigTexts {
    private final EffectiveConfigs effective;
    private final Images images;

    ConfigTexts(EffectiveConfigs effective, Images images) {
        this.effective = effective;
        this.images = images;
    }

    List<EffectiveConfig> ofTopic(TopicImage topic) {
        return effective.topic(images.current(), topic);
    }

    /** Of a topic that may not be in the image: it was only validated, or has just been made. */
    List<EffectiveConfig> ofNewTopic(String name, Map<String, String> configs) {
        return effective.topic(
                images.current(), new TopicImage(name, new UUID(0, 0), false, List.of(), configs, -1, -1));
    }

    /** An empty id is the cluster-wide default. */
    List<EffectiveConfig> ofNode(String id) {
        return effective.node(images.current(), id);
    }

    static ConfigSource source(EffectiveConfig.Source source) {
        return switch (source) {
            case TOPIC -> ConfigSource.TOPIC_CONFIG;
            case NODE -> ConfigSource.DYNAMIC_BROKER_CONFIG;
            case CLUSTER -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
            case STATIC -> ConfigSource.STATIC_BROKER_CONFIG;
            case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
        };
    }

    static ConfigType type(ValueType type) {
        return switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
        };
    }
}
