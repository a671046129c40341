package io.jofka.node.kafka.handler;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.TopicImage;
import java.util.Optional;

/** Looks up what a client named. */
final class Partitions {
    private Partitions() {}

    /** Empty when the topic is, or has no partition of this number, which may be any. */
    static Optional<TopicPartition> find(Optional<TopicImage> topic, int partition) {
        return topic.filter(known ->
                        partition >= 0 && partition < known.partitions().size())
                .map(known -> new TopicPartition(known.id(), partition));
    }
}
