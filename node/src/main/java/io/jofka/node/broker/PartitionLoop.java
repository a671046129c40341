package io.jofka.node.broker;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.partition.LeaderMachine;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this node leads: gives its state one owner at a time and shows the positions to all. Thread-safe.
 *
 * <p>There is no thread here. Whoever submits and finds no owner is the owner for a moment and carries out all that
 * waits, his own command and others', as one batch: one append, and in forced mode one force, for all (see
 * {@link FlatCombiner} and docs/decisions/0010-flat-combining.md). While a force runs on a force thread, appends go on
 * behind it and are forced together by the next. Futures complete on the owner's thread in the order of the log.
 */
public final class PartitionLoop {
    /** Why a partition does not serve. */
    record Offline(Fault fault, String detail) {}

    /** What all loops of a node share, and whom they tell. Thread-safe. */
    interface Surroundings {
        BrokerConfig config();

        FlatCombiner.Limits limits();

        Clock clock();

        ForceQueue forces();

        IsrProposals isrProposals();

        /** Appends wait for the high watermark (or no longer): their deadlines are to be looked at. */
        void waiting(PartitionLoop loop, boolean waiting);

        /** The disk is full; returns the sentence for the sender. */
        String full(TopicPartition partition, StorageFailure failure);

        /** The partition or, with that scope, its whole directory has failed. */
        void storageFailed(TopicPartition partition, StorageFailure failure);

        /** Something happened that cannot happen. */
        void bug(TopicPartition partition, Throwable bug);
    }

    private static final int MAINTENANCE_NONE = 0;
    private static final int MAINTENANCE_RUNS = 1;
    private static final int MAINTENANCE_OVER = 2;

    private final TopicPartition partition;
    private final Log log;
    private final PartitionOwner owner;
    private final FlatCombiner<PartitionCommand> commands;
    private final FetchWaiters waiters = new FetchWaiters();
    private final FollowerEnds followers = new FollowerEnds();
    private final AtomicInteger maintenance = new AtomicInteger(MAINTENANCE_NONE);
    private volatile PartitionSettings settings;
    private volatile PartitionOffsets offsets;
    private volatile @Nullable Offline offline;
    private volatile List<HandedOver> handedOver = List.of();

    /** @param snapshotOffset offset of the newest stored producer state, or -1 */
    PartitionLoop(
            TopicPartition partition,
            Log log,
            LeaderMachine<PartitionCommand> machine,
            long snapshotOffset,
            PartitionSettings settings,
            Surroundings around) {
        this.partition = partition;
        this.log = log;
        this.settings = settings;
        this.owner = new PartitionOwner(this, around, log, machine, snapshotOffset);
        this.offsets = owner.positions();
        this.commands = new FlatCombiner<>(around.limits(), owner::run);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The positions after the last thing that moved one. */
    public PartitionOffsets offsets() {
        return offsets;
    }

    public PartitionSettings settings() {
        return settings;
    }

    FollowerEnds followers() {
        return followers;
    }

    /** For reads and look-ups, which need no owner. */
    Log log() {
        return log;
    }

    @Nullable
    Offline offline() {
        return offline;
    }

    /** Data batches that were checked; the bytes belong to the loop until the future is complete. */
    CompletableFuture<ProduceOutcome> append(
            ByteBuffer batches, List<BatchHeader> headers, LeaderEvent.Ack ack, long deadlineNanos) {
        return submit(new PartitionCommand.Append(batches, headers, ack, deadlineNanos, null));
    }

    /** Ends a producer's transaction here; from its coordinator only. */
    CompletableFuture<ProduceOutcome> appendMarker(
            ByteBuffer batch, BatchHeader header, ControlRecord marker, long deadlineNanos) {
        return submit(new PartitionCommand.Append(batch, List.of(header), LeaderEvent.Ack.ALL, deadlineNanos, marker));
    }

    private CompletableFuture<ProduceOutcome> submit(PartitionCommand.Append append) {
        Offline why = offline;
        if (why != null) {
            return CompletableFuture.completedFuture(new ProduceOutcome.Refused(why.fault(), why.detail()));
        }
        if (!commands.submit(append)) {
            return CompletableFuture.completedFuture(
                    new ProduceOutcome.Refused(Fault.OVERLOADED, "Too much waits for this partition already."));
        }
        return append.future;
    }

    CompletableFuture<Result<Long>> deleteRecords(long beforeOffset) {
        PartitionCommand.DeleteRecords command = new PartitionCommand.DeleteRecords(beforeOffset);
        if (!commands.submit(command)) {
            return CompletableFuture.completedFuture(
                    new Result.Refused<>(Fault.OVERLOADED, "Too much waits for this partition already."));
        }
        return command.future;
    }

    /** An event of the replica protocol or the transaction coordinator. */
    void step(LeaderEvent<PartitionCommand> event) {
        commands.submitAlways(new PartitionCommand.Step(event));
    }

    /** Takes in a newer leader epoch or in-sync set of a partition that this node goes on leading. */
    void reassign(PartitionImage image) {
        commands.submitAlways(new PartitionCommand.Reassign(image));
    }

    void configure(PartitionSettings newSettings) {
        settings = newSettings;
        commands.submitAlways(new PartitionCommand.Configure(newSettings));
    }

    /** Forces what is not forced and stores the producer state behind it. */
    void checkpoint() {
        commands.submitAlways(new PartitionCommand.Checkpoint());
    }

    /** Forgets producers not seen for long. */
    void expireProducers(long nowMs) {
        commands.submitAlways(new PartitionCommand.Expire(nowMs));
    }

    void fail(Fault fault, String detail) {
        commands.submitAlways(new PartitionCommand.Fail(fault, detail));
    }

    /** Forces, stores the producer state and closes the log; callers are refused with the reason from now on. */
    CompletableFuture<@Nullable Void> close(Fault fault, String detail) {
        PartitionCommand.Finish finish = new PartitionCommand.Finish(false, fault, detail);
        commands.submitAlways(finish);
        return finish.future;
    }

    /** Removes the files, only after a committed removal of the topic. */
    CompletableFuture<@Nullable Void> delete() {
        PartitionCommand.Finish finish =
                new PartitionCommand.Finish(true, Fault.UNKNOWN_TOPIC_OR_PARTITION, "The topic was deleted.");
        commands.submitAlways(finish);
        return finish.future;
    }

    /** Asks something of the owner's state; the answer must not hold on to it. */
    <R> CompletableFuture<R> ask(Function<PartitionOwner, R> question) {
        PartitionCommand.Ask<R> ask = new PartitionCommand.Ask<>(question);
        commands.submitAlways(ask);
        return ask.future;
    }

    /** Runs retention or compaction in the calling thread, beside appends; false if the log is closing or it runs already. */
    boolean maintain(Consumer<Log> work) {
        if (offline != null || !maintenance.compareAndSet(MAINTENANCE_NONE, MAINTENANCE_RUNS)) {
            return false;
        }
        try {
            work.accept(log);
        } finally {
            maintenance.set(MAINTENANCE_NONE);
            commands.submitAlways(new PartitionCommand.MaintenanceEnded());
        }
        return true;
    }

    /** Called by the owner before it closes the log: false while maintenance runs. */
    boolean endMaintenanceForGood() {
        return maintenance.get() == MAINTENANCE_OVER || maintenance.compareAndSet(MAINTENANCE_NONE, MAINTENANCE_OVER);
    }

    /** Called on the force thread. */
    void forceEnded(@Nullable Long offset, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        commands.submitAlways(new PartitionCommand.ForceEnded(offset == null ? -1 : offset, cause));
    }

    /** Called by the owner: readers see these positions from now on. */
    void publish(PartitionOffsets moved) {
        offsets = moved;
        waiters.wakeAll();
    }

    /** Called by the owner when the log is closed because another node leads. */
    void handOver(List<HandedOver> appends) {
        handedOver = appends;
    }

    List<HandedOver> handedOver() {
        return handedOver;
    }

    void takeOffline(Fault fault, String detail) {
        if (offline == null || fault == Fault.UNKNOWN_TOPIC_OR_PARTITION) {
            offline = new Offline(fault, detail);
        }
        waiters.wakeAll();
    }

    /** The waiter is woken once by the next move of a position; register first, then look at {@link #offsets} again. */
    void register(FetchWaiter waiter) {
        waiters.add(waiter);
    }

    void unregister(FetchWaiter waiter) {
        waiters.remove(waiter);
    }
}
