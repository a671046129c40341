package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.LogSlice;
import java.util.List;

/** Reads whole batches below the high watermark or the last stable offset. Thread-safe; call on virtual threads. */
public interface FetchService {
    /**
     * Reads all positions in order; waits up to {@code maxWaitMs} until {@code minBytes} are there, a position is
     * refused, or the caller is interrupted. One outcome for each position, same order. Every slice must be closed.
     */
    List<FetchOutcome> fetch(FetchRequest request);

    /** Which records are visible. */
    enum Isolation {
        READ_UNCOMMITTED,
        READ_COMMITTED
    }

    /** {@code currentLeaderEpoch} and {@code lastFetchedEpoch} are -1 when not stated; {@code maxBytes} >= 0. */
    record FetchPosition(
            TopicPartition partition, long offset, int currentLeaderEpoch, int lastFetchedEpoch, int maxBytes) {
        public FetchPosition(TopicPartition partition, long offset, int maxBytes) {
            this(partition, offset, -1, -1, maxBytes);
        }
    }

    record FetchRequest(
            List<FetchPosition> positions, int minBytes, int maxBytes, int maxWaitMs, Isolation isolation) {}

    /** What a position gave. */
    sealed interface FetchOutcome {
        /** {@code slice} may be empty. */
        record Data(LogSlice slice, PartitionOffsets offsets, List<AbortedTransaction> aborted)
                implements FetchOutcome {}

        /** The caller's last epoch diverges from this log: it must truncate (KIP-595). */
        record Diverged(EpochEnd end, PartitionOffsets offsets) implements FetchOutcome {}

        /** {@code offsets} is {@link PartitionOffsets#UNKNOWN} where the partition is not here. */
        record Refused(Fault fault, String detail, PartitionOffsets offsets) implements FetchOutcome {}
    }
}
