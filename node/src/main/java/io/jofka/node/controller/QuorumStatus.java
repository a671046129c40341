package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The Raft quorum that keeps the metadata. Thread-safe. */
public interface QuorumStatus {
    /** As this node sees it; asks the engine, which may take up to 3 s. */
    Status status();

    /** As its leader sees it, asked at any node; as this node sees it when the leader does not answer. Never fails. */
    CompletableFuture<Quorum> quorum();

    /** Hands the leadership to another voter, asked at any node; complete when it leads. Never fails. */
    CompletableFuture<Transfer> transfer(int node, int timeoutMs);

    /** Writes an engine checkpoint and the H2 image for the newest committed index; answers that index. */
    CompletableFuture<Long> snapshot();

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

    /** {@code observers} follow without a vote; known to the leader only. */
    record Quorum(int leader, int term, long committedOffset, List<Voter> voters, List<Voter> observers) {}

    /** Ends, lag and times are -1 where the node that tells does not know them; {@code lastCaughtUpMsAgo} as KIP-836. */
    record Voter(
            int nodeId,
            String directoryId,
            long logEndOffset,
            long lagRecords,
            long lastFetchMsAgo,
            long lastCaughtUpMsAgo) {}

    record Snapshot(long index, int term, long sizeBytes, String store, long takenAtMs) {}

    sealed interface Transfer {
        record Done(int leader, int term) implements Transfer {}

        /** {@code pointer} names the field at fault or is empty. */
        record Refused(Fault fault, String detail, String pointer) implements Transfer {}
    }
}
