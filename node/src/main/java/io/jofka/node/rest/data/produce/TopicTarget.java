package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.Compression;
import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Refusal;

/**
 * A topic as a produce needs it, from one image.
 *
 * @param maxMessageBytes largest batch, {@code max.message.bytes} as in force for the topic
 * @param codec of batches that are built here
 */
public record TopicTarget(TopicImage topic, int partitions, int maxMessageBytes, Compression codec) {
    /** Refuses with 404 when the topic has no such partition. */
    public void requirePartition(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new Refusal(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION,
                    "Topic '" + topic.name() + "' has no partition " + partition + "; it has " + partitions + ".");
        }
    }
}
