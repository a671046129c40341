package io.jofka.node.consensus;

import java.nio.file.Path;
import java.util.List;

/**
 * How the metadata log of a node is kept.
 *
 * @param directory its folder; made and formatted when it does not exist
 * @param nodeId id of this node, 0 or more; fixed at the first start
 * @param clusterId the cluster's name, the same on all nodes; empty where the node is alone and names itself
 * @param voters the nodes that vote, one or more, ascending; a node that is not among them only follows
 * @param electionMs election timeout, 50 ms or more
 * @param fetchMs fetch timeout, 50 ms or more
 * @param segmentBytes size at which a log file is rolled, 8 MiB or more
 */
public record RaftConfig(
        Path directory,
        int nodeId,
        String clusterId,
        List<Integer> voters,
        int electionMs,
        int fetchMs,
        int segmentBytes) {
    private static final int LEAST_SEGMENT = 8 << 20;

    public RaftConfig {
        voters = List.copyOf(voters);
        if (nodeId < 0 || electionMs < 50 || fetchMs < 50 || segmentBytes < LEAST_SEGMENT || voters.isEmpty()) {
            throw new IllegalArgumentException("raft configuration out of range");
        }
        if (clusterId.isEmpty() && !voters.equals(List.of(nodeId))) {
            throw new IllegalArgumentException("a cluster needs a name");
        }
    }

    public static RaftConfig defaults(Path directory, int nodeId) {
        return new RaftConfig(directory, nodeId, "", List.of(nodeId), 1_000, 2_000, LEAST_SEGMENT);
    }

    boolean isVoter() {
        return voters.contains(nodeId);
    }

    /** Whether this node is the only one that votes. */
    boolean isOnlyVoter() {
        return voters.equals(List.of(nodeId));
    }

    List<Integer> otherVoters() {
        return voters.stream().filter(node -> node != nodeId).toList();
    }
}
