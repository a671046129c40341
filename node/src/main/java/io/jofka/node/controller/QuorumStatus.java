package io.jofka.node.controller;

import java.util.List;
import java.util.Optional;

/** The Raft quorum as this node sees it. Thread-safe. */
public interface QuorumStatus {
    Status status();

    /** Writes an engine checkpoint and the H2 image for the newest committed index; answers that index. */
    java.util.concurrent.CompletableFuture<Long> snapshot();

    /** {@code leader} is -1 when unknown; offsets are of the metadata log, end exclusive. */
    record Status(
            int nodeId,
            int term,
            int leader,
            String role,
            long logEndOffset,
            long committedOffset,
            long appliedIndex,
            List<Voter> voters,
            Optional<Snapshot> snapshot) {}

    record Voter(int nodeId, String directoryId, long logEndOffset, long lagRecords, long lastFetchMsAgo) {}

    record Snapshot(long index, int term, long sizeBytes, String store, long takenAtMs) {}
}
