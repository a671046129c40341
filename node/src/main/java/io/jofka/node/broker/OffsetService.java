package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.util.concurrent.CompletableFuture;

/** Look-ups of offsets, and delete-records. Thread-safe. */
public interface OffsetService {
    /** {@code currentLeaderEpoch} is -1 when not stated. */
    Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch);

    /** The answer's offset is -1 when no record matches. */
    Result<TimestampedOffset> find(TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch);

    Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch);

    /** Moves the log start to {@code beforeOffset} (-1: the high watermark); answers the new log start. */
    CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset);

    /** What to look for. */
    sealed interface Query {
        record Earliest() implements Query {}

        record Latest() implements Query {}

        record MaxTimestamp() implements Query {}

        /** First record at or after this time, ms since the epoch. */
        record AtTime(long timestampMs) implements Query {}
    }

    /** A value, or why not. */
    sealed interface Result<T> {
        record Ok<T>(T value) implements Result<T> {}

        record Refused<T>(Fault fault, String detail) implements Result<T> {}
    }
}
