package io.jofka.node.controller;

import io.jofka.node.controller.TopicAdmin.Answer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Administration of leaders, replicas and nodes, at any node. Thread-safe; futures never fail, every item has an outcome of
 * its own, in the order asked, and what was done is applied on this node when a future completes.
 */
public interface ClusterAdmin {
    /** Answers the leaders. {@code unclean} allows the loss of records that only dead replicas have. */
    CompletableFuture<Answer<Integer>> electLeaders(boolean unclean, List<Place> partitions, int timeoutMs);

    /** Answers the replicas there will be. */
    CompletableFuture<Answer<List<Integer>>> moveReplicas(List<Move> moves, boolean validateOnly, int timeoutMs);

    /** A node hands over what it leads, or is used again; answers its id. */
    CompletableFuture<Answer<Integer>> drain(int node, boolean draining, int timeoutMs);

    /** Forgets a stopped node without replicas; answers its id. */
    CompletableFuture<Answer<Integer>> unregister(int node, int timeoutMs);

    /** A partition by its topic's name. */
    record Place(String topic, int partition) {}

    /** @param target node ids in order of preference; empty to cancel a move */
    record Move(Place place, Optional<List<Integer>> target) {}
}
