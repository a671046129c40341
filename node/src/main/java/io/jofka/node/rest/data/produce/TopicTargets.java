package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.Compression;
import io.jofka.api.fault.Fault;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.ConfigKey;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.TopicConfigs;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Numbers;
import java.util.Map;

/**
 * Finds the topic of a produce with the settings in force: the topic's own, else those of this node, the cluster, or the
 * built-in ones. What a topic without own settings has is kept for the image it was resolved from. Thread-safe.
 */
public final class TopicTargets {
    private static final ConfigKey MAX_BYTES =
            TopicConfigs.table().key("max.message.bytes").orElseThrow();
    private static final ConfigKey COMPRESSION =
            TopicConfigs.table().key("compression.type").orElseThrow();

    private final Images images;
    private final EffectiveConfigs configs;
    private volatile Defaults defaults;

    private record Defaults(long index, int maxBytes, Compression codec) {}

    public TopicTargets(Images images, EffectiveConfigs configs) {
        this.images = images;
        this.configs = configs;
        this.defaults = resolve(images.current());
    }

    /** Refuses with 404 when the topic does not exist; REST never creates one by writing to it. */
    TopicTarget find(String name) {
        ClusterImage image = images.current();
        TopicImage topic = image.topic(name)
                .orElseThrow(
                        () -> new Refusal(Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + name + "' does not exist."));
        Defaults otherwise = defaults;
        if (otherwise.index() != image.index()) {
            otherwise = resolve(image);
            defaults = otherwise;
        }
        String maxBytes = topic.configs().get(MAX_BYTES.name());
        String compression = topic.configs().get(COMPRESSION.name());
        return new TopicTarget(
                topic,
                topic.partitions().size(),
                maxBytes == null ? otherwise.maxBytes() : bytes(maxBytes),
                compression == null ? otherwise.codec() : codec(compression));
    }

    private Defaults resolve(ClusterImage image) {
        return new Defaults(
                image.index(),
                bytes(configs.topicValue(image, Map.of(), MAX_BYTES)),
                codec(configs.topicValue(image, Map.of(), COMPRESSION)));
    }

    /** The controller has checked the value before it was recorded. */
    private static int bytes(String value) {
        return (int) Math.min(Integer.MAX_VALUE, Numbers.whole(value.strip()).orElseThrow());
    }

    /** Kafka's {@code producer} and {@code uncompressed} both leave batches that are built here as they are. */
    private static Compression codec(String value) {
        return Compression.byConfigName(value.strip()).orElse(Compression.NONE);
    }
}
