package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A wish to change the metadata. Everything that is not in the image comes with it: ids, incarnations, times.
 *
 * @param <A> the answer
 */
public sealed interface MetadataCommand<A> {
    /** Makes topics; one verdict each, in order. */
    record CreateTopics(List<NewTopic> topics) implements MetadataCommand<List<Verdict<CreatedTopic>>> {}

    /**
     * @param id a fresh random id
     * @param partitions -1 for the default
     * @param replicationFactor -1 for the default
     * @param assignment node ids by partition; empty to let the machine place replicas
     */
    record NewTopic(
            String name,
            UUID id,
            int partitions,
            int replicationFactor,
            Map<Integer, List<Integer>> assignment,
            Map<String, String> configs) {}

    record CreatedTopic(String name, UUID id, int partitions, int replicationFactor, Map<String, String> configs) {}

    /** Removes topics; one verdict each, in order. */
    record DeleteTopics(List<TopicKey> topics) implements MetadataCommand<List<Verdict<RemovedTopic>>> {}

    /** By name or by id, exactly one of them. */
    record TopicKey(Optional<String> name, Optional<UUID> id, Optional<Long> expectedChangedIndex) {}

    record RemovedTopic(String name, UUID id) {}

    /** Adds partitions to topics; one verdict each, in order, with the new number of partitions. */
    record GrowTopics(List<Growth> growths) implements MetadataCommand<List<Verdict<Integer>>> {}

    /** @param assignment node ids of the new partitions in order; empty to let the machine place them */
    record Growth(String topic, int totalPartitions, List<List<Integer>> assignment) {}

    /** Changes configurations; one verdict each, in order, with the resource's name. */
    record AlterConfigs(List<ConfigChange> changes) implements MetadataCommand<List<Verdict<String>>> {}

    /** @param resource a topic's name, or a node's id, or empty for the default of all nodes */
    record ConfigChange(boolean topic, String resource, List<ConfigOp> ops, Optional<Long> expectedChangedIndex) {}

    record ConfigOp(Kind kind, String key, String value) {
        /** Kafka's incremental operations (KIP-339). */
        public enum Kind {
            SET,
            DELETE,
            APPEND,
            SUBTRACT
        }
    }

    /**
     * Makes a node known, fenced. When it is a new incarnation, it leaves the in-sync sets that have other members; what
     * it alone is in sync for gets a new leader epoch: what the old life had not forced may be gone, so its offsets must
     * be told apart (KIP-101).
     */
    record RegisterNode(NodeImage node) implements MetadataCommand<Verdict<OptionalInt>> {}

    /** Allows a node to be used, or stops that; leaders and in-sync sets follow. */
    record FenceNode(int id, UUID incarnation, boolean fenced) implements MetadataCommand<Verdict<OptionalInt>> {}

    /** A node hands over what it leads and gets nothing new, or is used again and stays. */
    record DrainNode(int id, boolean draining) implements MetadataCommand<Verdict<OptionalInt>> {}

    /** A node drains and is to go for good: its replicas are moved to others, step by step, by {@link MoveReplicas}. */
    record DecommissionNode(int id) implements MetadataCommand<Verdict<OptionalInt>> {}

    /** Goes on with what a node's fencing, return or draining means for partitions; the verdict has the changes made. */
    record RepairNode(int id) implements MetadataCommand<Verdict<Integer>> {}

    /** Forgets a node that is fenced and has no replicas. */
    record UnregisterNode(int id) implements MetadataCommand<Verdict<OptionalInt>> {}

    record PartitionKey(UUID topicId, int partition) {}

    /** A leader tells who is in sync (KIP-497); one verdict each, in order, with the new partition epoch. */
    record AlterIsr(int node, UUID incarnation, List<IsrChange> changes)
            implements MetadataCommand<List<Verdict<Integer>>> {}

    record IsrChange(UUID topicId, int partition, int leaderEpoch, int partitionEpoch, List<Integer> isr) {}

    /**
     * Chooses leaders; one verdict each, in order, with the leader.
     *
     * @param chosen a node for each partition, or -1 to let the machine choose; empty to let it choose for all
     */
    record ElectLeaders(Election kind, List<PartitionKey> partitions, List<Integer> chosen)
            implements MetadataCommand<List<Verdict<Integer>>> {
        public ElectLeaders(Election kind, List<PartitionKey> partitions) {
            this(kind, partitions, List.of());
        }

        /** The node chosen for the partition at a place of the list, or -1. */
        int chosen(int place) {
            return place < chosen.size() ? chosen.get(place) : -1;
        }

        /** As Kafka's election types (KIP-460). */
        public enum Election {
            /** The first replica, when it is in sync. */
            PREFERRED,
            /** The chosen replica, when it is in sync. */
            DESIGNATED,
            /** The chosen living replica, or any, when none in sync lives: loses records. */
            UNCLEAN
        }
    }

    /** Moves replicas, or cancels that (KIP-455); one verdict each, in order, with the replicas there will be. */
    record MoveReplicas(List<Move> moves) implements MetadataCommand<List<Verdict<List<Integer>>>> {}

    /** @param target node ids in order of preference; empty to cancel */
    record Move(PartitionKey key, Optional<List<Integer>> target) {}

    /** Gives a node the next {@code size} producer ids; the verdict has the first. */
    record TakeProducerIds(int node, int size) implements MetadataCommand<Verdict<Long>> {}

    /** Names a new cluster and sets its feature level; the verdict has the cluster's name. */
    record NameCluster(String clusterId) implements MetadataCommand<Verdict<String>> {}
}
