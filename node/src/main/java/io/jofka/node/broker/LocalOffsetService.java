package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import io.jofka.node.storage.StorageFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Looks up offsets in the partitions that this node leads. Thread-safe. */
final class LocalOffsetService implements OffsetService {
    private static final TimestampedOffset NONE = new TimestampedOffset(-1, -1, -1);

    private final PartitionLookup partitions;
    private final PartitionLoop.Surroundings around;

    LocalOffsetService(PartitionLookup partitions, PartitionLoop.Surroundings around) {
        this.partitions = partitions;
        this.around = around;
    }

    @Override
    public Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch) {
        return with(partition, currentLeaderEpoch, (loop, offsets) -> offsets);
    }

    @Override
    public Result<TimestampedOffset> find(
            TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch) {
        return with(partition, currentLeaderEpoch, (loop, offsets) -> {
            long end = isolation == Isolation.READ_COMMITTED ? offsets.lastStableOffset() : offsets.highWatermark();
            return switch (query) {
                case Query.Earliest q ->
                    new TimestampedOffset(offsets.logStartOffset(), -1, epochAt(loop.log(), offsets.logStartOffset()));
                case Query.Latest q -> new TimestampedOffset(end, -1, offsets.leaderEpoch());
                case Query.MaxTimestamp q -> loop.log().maxTimestamp(end).orElse(NONE);
                case Query.AtTime q ->
                    loop.log().findByTimestamp(q.timestampMs(), end).orElse(NONE);
            };
        });
    }

    /** Epoch of the batch that holds the offset, or -1 at the end of the log. */
    private static int epochAt(Log log, long offset) {
        AtomicInteger epoch = new AtomicInteger(-1);
        log.scan(offset, header -> {
            epoch.set(header.leaderEpoch());
            return false;
        });
        return epoch.get();
    }

    @Override
    public Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch) {
        return with(partition, currentLeaderEpoch, (loop, offsets) -> loop.log().endOffsetFor(leaderEpoch));
    }

    @Override
    public CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset) {
        return deleteRecords(partitions.find(partition), beforeOffset);
    }

    private CompletableFuture<Result<Long>> deleteRecords(PartitionLookup.Found found, long beforeOffset) {
        return switch (found) {
            case PartitionLookup.Found.Opening o -> o.opened().thenCompose(later -> deleteRecords(later, beforeOffset));
            case PartitionLookup.Found.NotHere n -> refused(n.fault(), n.detail());
            case PartitionLookup.Found.Here h -> {
                PartitionSettings settings = h.loop().settings();
                if (settings.topic().compact() && !settings.topic().delete()) {
                    yield refused(
                            Fault.POLICY_VIOLATION, "Records of a topic that is only compacted cannot be deleted.");
                }
                if (beforeOffset < -1) {
                    yield refused(Fault.OFFSET_OUT_OF_RANGE, "Records before " + beforeOffset + " cannot be deleted.");
                }
                yield h.loop().deleteRecords(beforeOffset);
            }
        };
    }

    private static CompletableFuture<Result<Long>> refused(Fault fault, String detail) {
        return CompletableFuture.completedFuture(new Result.Refused<>(fault, detail));
    }

    private <T> Result<T> with(
            TopicPartition partition, int currentLeaderEpoch, BiFunction<PartitionLoop, PartitionOffsets, T> look) {
        return switch (partitions.find(partition)) {
            case PartitionLookup.Found.Opening o ->
                new Result.Refused<>(Fault.LEADER_NOT_AVAILABLE, "The partition is being opened.");
            case PartitionLookup.Found.NotHere n -> new Result.Refused<>(n.fault(), n.detail());
            case PartitionLookup.Found.Here h -> look(h.loop(), currentLeaderEpoch, look);
        };
    }

    private <T> Result<T> look(
            PartitionLoop loop, int currentLeaderEpoch, BiFunction<PartitionLoop, PartitionOffsets, T> look) {
        PartitionLoop.@Nullable Offline why = loop.offline();
        if (why != null) {
            return new Result.Refused<>(why.fault(), why.detail());
        }
        PartitionOffsets offsets = loop.offsets();
        Optional<Fault> fence = EpochFence.check(currentLeaderEpoch, offsets.leaderEpoch());
        if (fence.isPresent()) {
            return new Result.Refused<>(fence.get(), EpochFence.detail(currentLeaderEpoch, offsets.leaderEpoch()));
        }
        try {
            return new Result.Ok<>(look.apply(loop, offsets));
        } catch (StorageFailure e) {
            around.storageFailed(loop.partition(), e);
            loop.fail(Fault.STORAGE_OFFLINE, "A read of the partition failed: " + e.getMessage());
            return new Result.Refused<>(Fault.STORAGE_OFFLINE, "A read of the partition failed.");
        }
    }
}
