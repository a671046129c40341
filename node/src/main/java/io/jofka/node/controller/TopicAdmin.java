package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Changes of topics and configurations, decided by the controller and committed by Raft. Thread-safe. A future completes
 * after commit AND after this node serves the change (its image is at the answered index and local partitions are open
 * or gone); it never fails, every item has an outcome of its own, in the order asked.
 */
public interface TopicAdmin {
    CompletableFuture<Answer<Created>> createTopics(List<TopicSpec> topics, boolean validateOnly, int timeoutMs);

    CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> topics, boolean validateOnly, int timeoutMs);

    CompletableFuture<Answer<Grown>> createPartitions(List<Growth> growths, boolean validateOnly, int timeoutMs);

    CompletableFuture<Answer<Altered>> alterConfigs(List<ConfigChange> changes, boolean validateOnly, int timeoutMs);

    /**
     * @param partitions -1 for the default
     * @param replicationFactor -1 for the default
     * @param assignment node ids by partition number; empty to let the controller assign
     */
    record TopicSpec(
            String name,
            int partitions,
            int replicationFactor,
            Map<Integer, List<Integer>> assignment,
            Map<String, String> configs) {}

    /** By name or by id; {@code expectedChangedIndex} refuses with PRECONDITION_FAILED when the topic has moved on. */
    record TopicRef(Optional<String> name, Optional<UUID> id, Optional<Long> expectedChangedIndex) {}

    /** Growth to {@code totalPartitions}; {@code assignment} of the new ones in order, or empty. */
    record Growth(String topic, int totalPartitions, List<List<Integer>> assignment) {}

    /** {@code name} is a topic name or, for {@code NODE}, a node id or empty for the cluster default. */
    record ConfigChange(Resource resource, String name, List<ConfigOp> ops, Optional<Long> expectedChangedIndex) {}

    enum Resource {
        TOPIC,
        NODE
    }

    /** Kafka's incremental operations (KIP-339). {@code value} is ignored by DELETE. */
    record ConfigOp(Kind kind, String key, String value) {
        public enum Kind {
            SET,
            DELETE,
            APPEND,
            SUBTRACT
        }
    }

    /** {@code index} is the committed metadata index that holds all that succeeded. */
    record Answer<T>(long index, List<Outcome<T>> outcomes) {}

    sealed interface Outcome<T> {
        record Ok<T>(T value) implements Outcome<T> {}

        /** Nothing changed for this item. {@code pointer} names the field at fault or is empty. */
        record Refused<T>(Fault fault, String detail, String pointer) implements Outcome<T> {}
    }

    record Created(String name, UUID id, int partitions, int replicationFactor, Map<String, String> configs) {}

    record Deleted(String name, UUID id) {}

    record Grown(String name, int totalPartitions) {}

    record Altered(String name) {}
}
