package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.StorageFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * Regular work on all partitions: deadlines of appends, retention with producer expiry and checkpoints, compaction. One
 * platform thread each, so that a long compaction does not hold up the others. Work on a log's files runs in these
 * threads beside the owner; everything else goes through the owner. The rounds can be called one by one without
 * {@link #start}, as simulations do.
 */
final class Housekeeper implements AutoCloseable {
    /** After a compaction the thread rests as long as it worked, at most so long. */
    private static final long MAX_REST_NANOS = 5_000_000_000L;

    private static final int MAX_REVIEW_MS = 2_500;

    private final Supplier<List<PartitionLoop>> partitions;
    private final Supplier<Collection<FollowerReplica>> followers;
    private final BrokerSurroundings around;
    private final BrokerConfig config;
    private final List<ScheduledExecutorService> threads = new ArrayList<>();

    Housekeeper(
            Supplier<List<PartitionLoop>> partitions,
            Supplier<Collection<FollowerReplica>> followers,
            BrokerSurroundings around) {
        this.partitions = partitions;
        this.followers = followers;
        this.around = around;
        this.config = around.config();
    }

    void start() {
        every("jofka-deadlines", config.tickMs(), around::lookAtDeadlines);
        every("jofka-isr", Math.min(MAX_REVIEW_MS, Math.max(10, config.replicaLagMs() / 2)), this::review);
        ScheduledExecutorService housekeeper = every("jofka-housekeeper", config.retentionMs(), this::retention);
        schedule(housekeeper, config.checkpointMs(), this::checkpoint);
        every("jofka-compaction", config.compactionMs(), this::compaction);
    }

    private ScheduledExecutorService every(String name, long periodMs, Runnable round) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon(true).factory());
        threads.add(thread);
        schedule(thread, periodMs, round);
        return thread;
    }

    private void schedule(ScheduledExecutorService thread, long periodMs, Runnable round) {
        var _ = thread.scheduleWithFixedDelay(() -> guarded(round), periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable round) {
        try {
            round.run();
        } catch (RuntimeException e) {
            System.getLogger(Housekeeper.class.getName())
                    .log(System.Logger.Level.ERROR, "A round of housekeeping ended with an internal fault", e);
        }
    }

    /** Drops old segments and producers not seen for long. */
    void retention() {
        long nowMs = around.clock().wallMs();
        for (PartitionLoop loop : partitions.get()) {
            maintain(loop, (log, highWatermark) -> log.applyRetention(nowMs, highWatermark));
            loop.expireProducers(nowMs);
        }
        for (FollowerReplica replica : followers.get()) {
            replica.maintain(log -> log.applyRetention(nowMs, replica.highWatermark()));
        }
    }

    /** Forces what has changed and stores producer states. */
    void checkpoint() {
        partitions.get().forEach(PartitionLoop::checkpoint);
        for (FollowerReplica replica : followers.get()) {
            try {
                replica.checkpoint();
            } catch (StorageFailure e) {
                if (e.scope() != StorageFailure.Scope.FULL) {
                    around.storageFailed(replica.partition(), e);
                    replica.fail("A checkpoint failed: " + e.getMessage());
                }
            }
        }
    }

    /** Lets followers that lag leave the in-sync sets. */
    void review() {
        long nowNanos = around.clock().nanos();
        long lagNanos = TimeUnit.MILLISECONDS.toNanos(config.replicaLagMs());
        partitions.get().forEach(loop -> loop.step(new LeaderEvent.IsrReviewed<>(nowNanos, lagNanos)));
    }

    /** One pass of compaction over every log that asks for it. */
    void compaction() {
        for (PartitionLoop loop : partitions.get()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            if (loop.settings().log().compact()) {
                long began = around.clock().nanos();
                long nowMs = around.clock().wallMs();
                long[] freed = new long[1];
                // records of open transactions must stay: compaction ends at the last stable offset
                long stable = loop.offsets().lastStableOffset();
                maintain(loop, (log, highWatermark) -> freed[0] = log.compact(nowMs, Math.min(stable, highWatermark)));
                rest(freed[0], began);
            }
        }
        for (FollowerReplica replica : followers.get()) {
            if (replica.settings().log().compact() && !Thread.currentThread().isInterrupted()) {
                long nowMs = around.clock().wallMs();
                replica.maintain(log -> log.compact(nowMs, replica.highWatermark()));
            }
        }
    }

    private void rest(long freed, long began) {
        if (freed > 0) {
            LockSupport.parkNanos(Math.min(MAX_REST_NANOS, around.clock().nanos() - began));
        }
    }

    private void maintain(PartitionLoop loop, ObjLongConsumer<Log> work) {
        Consumer<Log> guarded = log -> {
            try {
                work.accept(log, loop.offsets().highWatermark());
            } catch (StorageFailure e) {
                if (e.scope() == StorageFailure.Scope.FULL) {
                    around.full(loop.partition(), e);
                } else {
                    around.storageFailed(loop.partition(), e);
                    loop.fail(Fault.STORAGE_OFFLINE, "Housekeeping of the partition failed: " + e.getMessage());
                }
            }
        };
        loop.maintain(guarded);
    }

    /** Ends the rounds; a compaction that runs is waited for a short time. */
    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
        try {
            for (ScheduledExecutorService thread : threads) {
                if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
