package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** One committed fact about the cluster. The image changes by these and by nothing else. */
public sealed interface MetadataRecord {
    /**
     * A topic exists; its partitions follow.
     *
     * @param createdIndex in a snapshot the index of creation; -1 in the log, where the record's own index says it
     * @param changedIndex likewise for the last change of configuration or partitions
     */
    record Topic(String name, UUID id, boolean internal, long createdIndex, long changedIndex)
            implements MetadataRecord {}

    /** A topic and all that belongs to it is gone. */
    record RemoveTopic(UUID id) implements MetadataRecord {}

    /** A partition of an existing topic; numbers come without gaps. */
    record Partition(UUID topicId, PartitionImage partition) implements MetadataRecord {}

    /** What is empty stays; a leader begins a new leader epoch; the partition epoch always rises. */
    record PartitionChange(
            UUID topicId,
            int partition,
            Optional<List<Integer>> replicas,
            Optional<List<Integer>> isr,
            Optional<List<Integer>> eligible,
            OptionalInt leader,
            Optional<List<Integer>> adding,
            Optional<List<Integer>> removing)
            implements MetadataRecord {
        /** The same leader in a new epoch, because the node that leads has been started anew. */
        static PartitionChange sameLeaderNewEpoch(UUID topicId, PartitionImage partition) {
            return new PartitionChange(
                    topicId,
                    partition.partition(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.of(partition.leader()),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** A node told where it can be reached; replaces what it said before. */
    record NodeRegistered(NodeImage node) implements MetadataRecord {}

    /** A node may be used, or not; it leads, or hands over what it leads; it stays, or goes for good. */
    record NodeChange(int id, boolean fenced, boolean draining, boolean decommissioning) implements MetadataRecord {}

    /** A node is gone for good; it has no replicas. */
    record RemoveNode(int id) implements MetadataRecord {}

    /** Settings of a topic; a key without value goes back to its default. */
    record TopicConfig(UUID topicId, Map<String, Optional<String>> entries) implements MetadataRecord {}

    /** Settings of a node; an empty node is the default of all. */
    record NodeConfig(String node, Map<String, Optional<String>> entries) implements MetadataRecord {}

    /** The producer ids {@code [first, next)} belong to a node. */
    record ProducerIdBlock(int node, long first, long next) implements MetadataRecord {}

    /** The cluster's name, written once by its first leader. */
    record Cluster(String clusterId) implements MetadataRecord {}

    /** Which records may be written: raised when all nodes can read them. */
    record Feature(String name, int level) implements MetadataRecord {
        /** Level of the record kinds and versions this program reads and writes. */
        public static final String METADATA = "metadata";

        static final int METADATA_LEVEL = 1;
    }
}
