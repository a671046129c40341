package io.jofka.node.consensus;

import java.nio.file.Path;

/**
 * How the metadata log of a node is kept.
 *
 * @param directory its folder; made and formatted when it does not exist
 * @param nodeId id of this node, 0 or more; fixed at the first start
 * @param electionMs election timeout, 50 ms or more
 * @param fetchMs fetch timeout, 50 ms or more
 * @param segmentBytes size at which a log file is rolled, 8 MiB or more
 */
public record RaftConfig(Path directory, int nodeId, int electionMs, int fetchMs, int segmentBytes) {
    private static final int LEAST_SEGMENT = 8 << 20;

    public RaftConfig {
        if (nodeId < 0 || electionMs < 50 || fetchMs < 50 || segmentBytes < LEAST_SEGMENT) {
            throw new IllegalArgumentException("raft configuration out of range");
        }
    }

    public static RaftConfig defaults(Path directory, int nodeId) {
        return new RaftConfig(directory, nodeId, 1_000, 2_000, LEAST_SEGMENT);
    }
}
