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
        List<Voter> observers,
        Optional<Checkpoint> checkpoint) {

    /**
     * Who votes, or only follows. The times are wall times in ms of the last fetch, and of the last one that had all that
     * the leader had (KIP-836); -1 when unknown.
     */
    public record Voter(int nodeId, UUID directoryId, long logEndOffset, long lastFetchMs, long lastCaughtUpMs) {}

    /** Newest checkpoint of the engine: last index covered and its term. */
    public record Checkpoint(long index, int term, long sizeBytes) {}
}
