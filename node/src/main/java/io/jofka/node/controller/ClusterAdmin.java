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
    /** Answers the leaders. */
    CompletableFuture<Answer<Integer>> electLeaders(
            Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs);

    /** Answers the replicas there will be. */
    CompletableFuture<Answer<List<Integer>>> moveReplicas(List<Move> moves, boolean validateOnly, int timeoutMs);

    /** A node hands over what it leads, or is used again and stays; answers its id. */
    CompletableFuture<Answer<Integer>> drain(int node, boolean draining, boolean validateOnly, int timeoutMs);

    /**
     * A node drains, and the active controller moves its replicas to others and forgets it when it holds nothing and is
     * stopped; {@link #drain} without draining takes that back. Answers its id.
     */
    CompletableFuture<Answer<Integer>> decommission(int node, boolean validateOnly, int timeoutMs);

    /** Who may be elected. */
    enum Election {
        /** The first replica, when it is in sync. */
        PREFERRED,
        /** The replica that the ballot names, when it is in sync. */
        DESIGNATED,
        /**
         * Where no replica in sync, or eligible, lives: the living replica that the ballot names, or any. Records that only
         * dead replicas have are lost.
         */
        UNCLEAN
    }

    /** @param node who is to lead, or -1 to let the controller choose */
    record Ballot(Place place, int node) {}

    /** A partition by its topic's name. */
    record Place(String topic, int partition) {}

    /** @param target node ids in order of preference; empty to cancel a move */
    record Move(Place place, Optional<List<Integer>> target) {}
}
