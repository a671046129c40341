package io.jofka.node.consensus;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The quorum as this node sees it at one moment. {@code leader} is -1 when nobody is known to lead; the end offsets are
 * exclusive; {@code voters} has positions only where this node leads (-1 elsewhere).
 */
public record QuorumView(
        int nodeId,
        int term,
        int leader,
        long logEndOffset,
        long committedOffset,
        List<Voter> voters,
        Optional<Checkpoint> checkpoint) {

    /** {@code lastFetchMs} is wall time of the last fetch in ms, -1 when unknown. */
    public record Voter(int nodeId, UUID directoryId, long logEndOffset, long lastFetchMs) {}

    /** Newest checkpoint of the engine: last index covered and its term. */
    public record Checkpoint(long index, int term, long sizeBytes) {}
}
