package io.jofka.node.common;

import java.util.UUID;

/** A partition by topic id, the name under which storage and replicas know it; names are looked up in the image. */
public record TopicPartition(UUID topicId, int partition) {
    public TopicPartition {
        if (partition < 0) {
            throw new IllegalArgumentException("partition " + partition);
        }
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
