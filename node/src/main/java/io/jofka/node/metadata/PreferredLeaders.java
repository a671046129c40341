package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import java.util.ArrayList;
import java.util.List;

/** Finds partitions that their preferred leader, the first replica, could lead and another one does. Pure. */
public final class PreferredLeaders {
    private PreferredLeaders() {}

    /** At most {@code max} of them, in the order of topics. */
    public static List<PartitionKey> missing(MetadataImage image, int max) {
        List<PartitionKey> found = new ArrayList<>();
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                if (found.size() == max) {
                    return found;
                }
                int preferred = partition.replicas().getFirst();
                if (partition.leader() >= 0
                        && partition.leader() != preferred
                        && !partition.isMoving()
                        && partition.isr().contains(preferred)
                        && image.node(preferred).filter(NodeImage::isUsable).isPresent()) {
                    found.add(new PartitionKey(topic.id(), partition.partition()));
                }
            }
        }
        return found;
    }
}
