package io.jofka.node.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The cluster's metadata as of one committed index: immutable, shared by all readers. Made only by the metadata machine's
 * replay.
 */
public interface ClusterImage {
    /** Index (offset in the metadata log) of the last record in this image; -1 for the empty image. */
    long index();

    /** Raft term in which that record was written. */
    int term();

    /** Empty until the first leader has written it. */
    String clusterId();

    Optional<TopicImage> topic(String name);

    Optional<TopicImage> topic(UUID id);

    /** All topics in the order of their names. */
    Collection<TopicImage> topics();

    int partitionCount();

    /** Registered nodes in the order of their ids. */
    Collection<NodeImage> nodes();

    Optional<NodeImage> node(int id);

    /**
     * Ids of the topics that were added, changed or removed in the one step from {@code before} to this image; empty when
     * this image was not made from that one in one step, so that the caller has to compare by itself.
     */
    default Optional<Set<UUID>> changedTopics(ClusterImage before) {
        return Optional.empty();
    }

    /** Dynamic configuration of a node; empty id string is the cluster-wide default. */
    Map<String, String> nodeConfigs(String nodeId);
}
