package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.Compression;
import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Numbers;

/** A topic as a produce needs it, from one image. */
public record TopicTarget(TopicImage topic, int partitions, int maxMessageBytes, Compression codec) {
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

    /** Refuses with 404 when the topic does not exist; REST never creates one by writing to it. */
    public static TopicTarget find(ClusterImage image, String name) {
        TopicImage topic = image.topic(name)
                .orElseThrow(
                        () -> new Refusal(Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + name + "' does not exist."));
        String max = topic.configs().getOrDefault("max.message.bytes", "");
        String compression = topic.configs().getOrDefault("compression.type", "producer");
        return new TopicTarget(
                topic,
                topic.partitions().size(),
                (int) Math.min(Integer.MAX_VALUE, Numbers.whole(max).orElse(DEFAULT_MAX_MESSAGE_BYTES)),
                Compression.byConfigName(compression).orElse(Compression.NONE));
    }

    /** Refuses with 404 when the topic has no such partition. */
    public void requirePartition(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new Refusal(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION,
                    "Topic '" + topic.name() + "' has no partition " + partition + "; it has " + partitions + ".");
        }
    }
}
