package io.jofka.node.broker;

import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.PartitionCommand.Append;
import io.jofka.node.broker.PartitionCommand.DeleteRecords;
import io.jofka.node.common.Invariant;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.partition.AppendAnswer;
import io.jofka.node.partition.LeaderEffect;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.partition.LeaderMachine;
import io.jofka.node.partition.ProducerSnapshot;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.Log.StateSnapshot;
import io.jofka.node.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What only a partition's owner touches: the leader machine, the writing side of the log, and what is under way. Carries
 * out the machine's effects in the order that {@link LeaderEffect} states. Not thread-safe; {@link PartitionLoop} sees to
 * it that one thread at a time is here.
 */
final class PartitionOwner {
    private final PartitionLoop loop;
    private final PartitionLoop.Surroundings around;
    private final Log log;
    private final LeaderMachine<PartitionCommand> machine;

    /** Batches decided in this drain and not yet written. */
    private final List<ByteBuffer> buffers = new ArrayList<>();

    private final List<BatchHeader> headers = new ArrayList<>();
    private long gatheredBytes;

    private boolean forcing;
    private long snapshotOffset;
    /** Producer state that waits for the force which makes its offset durable. */
    private @Nullable StateSnapshot pendingSnapshot;

    private final List<HandedOver> handedOver = new ArrayList<>();
    private PartitionCommand.@Nullable Finish finishing;
    private boolean finished;
    private boolean failed;
    private boolean inWaitingList;

    PartitionOwner(
            PartitionLoop loop,
            PartitionLoop.Surroundings around,
            Log log,
            LeaderMachine<PartitionCommand> machine,
            long snapshotOffset) {
        this.loop = loop;
        this.around = around;
        this.log = log;
        this.machine = machine;
        this.snapshotOffset = snapshotOffset;
    }

    LeaderMachine<PartitionCommand> machine() {
        return machine;
    }

    /** Carries out a run of commands as one batch. Never throws: a bug takes this partition offline and is reported. */
    void run(PartitionCommand first) {
        List<LeaderEffect<PartitionCommand>> effects = new ArrayList<>(4);
        PartitionCommand command = first;
        while (command != null) {
            PartitionCommand next = command.next();
            try {
                carryOut(command, effects);
                if (next == null) {
                    flush(effects);
                }
            } catch (StorageFailure e) {
                storageFailed(e, effects);
                refuse(command);
            } catch (RuntimeException e) {
                around.bug(loop.partition(), e);
                fail(Fault.INTERNAL, "The partition stopped after an internal fault: " + e.getMessage(), effects);
                refuse(command);
            }
            command = next;
        }
        boolean waiting = machine.isWaiting();
        if (waiting != inWaitingList) {
            inWaitingList = waiting;
            around.waiting(loop, waiting);
        }
    }

    private void carryOut(PartitionCommand command, List<LeaderEffect<PartitionCommand>> effects) {
        switch (command) {
            case Append a -> append(a, effects);
            case DeleteRecords d -> {
                flush(effects);
                if (refusing() == null) {
                    step(new LeaderEvent.StartAsked<>(d, d.beforeOffset), effects);
                } else {
                    refuse(d);
                }
            }
            case PartitionCommand.Step s -> {
                flush(effects);
                if (!finished && !failed) {
                    step(s.event, effects);
                }
            }
            case PartitionCommand.Reassign r -> {
                flush(effects);
                if (!finished && !failed) {
                    reassign(r.image, effects);
                }
            }
            case PartitionCommand.Configure c -> {
                flush(effects);
                if (!finished && !failed) {
                    log.configure(c.settings.log());
                    step(new LeaderEvent.RulesChanged<>(c.settings.rules()), effects);
                }
            }
            case PartitionCommand.ForceEnded f -> forceEnded(f, effects);
            case PartitionCommand.Checkpoint c -> {
                flush(effects);
                if (refusing() == null) {
                    checkpoint(effects);
                }
            }
            case PartitionCommand.Expire x -> {
                flush(effects);
                machine.producers().expire(x.nowMs, around.config().producerExpiryMs());
            }
            case PartitionCommand.MaintenanceEnded m -> {
                flush(effects);
                if (!finished) {
                    step(
                            new LeaderEvent.StartMoved<>(Math.min(log.logStartOffset(), machine.highWatermark())),
                            effects);
                }
                finishIfIdle(effects);
            }
            case PartitionCommand.Fail f -> fail(f.fault, f.detail, effects);
            case PartitionCommand.Finish f -> finish(f, effects);
            case PartitionCommand.Ask<?> a -> a.answer(this);
        }
    }

    private void reassign(PartitionImage image, List<LeaderEffect<PartitionCommand>> effects) {
        if (image.leaderEpoch() > machine.epoch()) {
            log.assignEpoch(image.leaderEpoch());
            step(new LeaderEvent.EpochRaised<>(image.leaderEpoch()), effects);
        }
        step(
                new LeaderEvent.IsrCommitted<>(
                        image.partitionEpoch(), Set.copyOf(image.isr()), Set.copyOf(image.replicas())),
                effects);
    }

    private PartitionLoop.@Nullable Offline refusing() {
        return loop.offline();
    }

    /** A command that this partition does not carry out. Without effect where it was answered already. */
    private void refuse(PartitionCommand command) {
        PartitionLoop.Offline why = refusing();
        Fault fault = why == null ? Fault.INTERNAL : why.fault();
        String detail = why == null ? "The partition stopped." : why.detail();
        if (command instanceof Append a) {
            a.future.complete(new ProduceOutcome.Refused(fault, detail));
        } else if (command instanceof DeleteRecords d) {
            d.future.complete(new Result.Refused<>(fault, detail));
        } else if (command instanceof PartitionCommand.Ask<?> ask) {
            ask.future.completeExceptionally(new IllegalStateException(detail));
        }
    }

    private void append(Append append, List<LeaderEffect<PartitionCommand>> effects) {
        if (refusing() != null) {
            refuse(append);
            return;
        }
        if (gatheredBytes > 0
                && gatheredBytes + append.sizeBytes() > around.config().drainBytes()) {
            flush(effects);
        }
        long nowMs = around.clock().wallMs();
        step(
                append.marker == null
                        ? new LeaderEvent.Proposed<>(append, append.headers, append.ack, append.deadlineNanos, nowMs)
                        : new LeaderEvent.MarkerProposed<>(
                                append, append.headers.getFirst(), append.marker, append.deadlineNanos, nowMs),
                effects);
    }

    /** Writes what was gathered, by one append. */
    private void flush(List<LeaderEffect<PartitionCommand>> effects) {
        if (!machine.isPlanning()) {
            return;
        }
        LeaderEvent<PartitionCommand> outcome = new LeaderEvent.Written<>();
        try {
            if (!buffers.isEmpty()) {
                log.append(buffers.toArray(ByteBuffer[]::new), List.copyOf(headers));
            }
        } catch (StorageFailure e) {
            if (e.scope() != StorageFailure.Scope.FULL) {
                throw e;
            }
            outcome = new LeaderEvent.WriteFailed<>(Fault.DISK_FULL, around.full(loop.partition(), e), true);
        } finally {
            buffers.clear();
            headers.clear();
            gatheredBytes = 0;
        }
        step(outcome, effects);
    }

    private void step(LeaderEvent<PartitionCommand> event, List<LeaderEffect<PartitionCommand>> effects) {
        int from = effects.size();
        machine.step(event, effects);
        for (int i = from; i < effects.size(); i++) {
            carryOut(effects.get(i), effects);
        }
        effects.subList(from, effects.size()).clear();
    }

    private void carryOut(LeaderEffect<PartitionCommand> effect, List<LeaderEffect<PartitionCommand>> effects) {
        switch (effect) {
            case LeaderEffect.Store<PartitionCommand> e -> gather((Append) e.ticket(), e.batches());
            case LeaderEffect.Aborted<PartitionCommand> e -> log.addAborted(e.transaction());
            case LeaderEffect.Moved<PartitionCommand> e -> loop.publish(positions());
            case LeaderEffect.Answer<PartitionCommand> e -> answer((Append) e.ticket(), e.answer());
            case LeaderEffect.Force<PartitionCommand> e -> {
                forcing = true;
                var _ = around.forces().forceSoon(log).whenComplete(loop::forceEnded);
            }
            case LeaderEffect.ProposeIsr<PartitionCommand> e -> proposeIsr(e);
            case LeaderEffect.MoveStart<PartitionCommand> e ->
                moveStart((DeleteRecords) e.ticket(), e.offset(), effects);
            case LeaderEffect.StartUnmoved<PartitionCommand> e ->
                ((DeleteRecords) e.ticket()).future.complete(new Result.Ok<>(e.offset()));
            case LeaderEffect.StartRefused<PartitionCommand> e ->
                ((DeleteRecords) e.ticket()).future.complete(new Result.Refused<>(e.fault(), e.detail()));
        }
    }

    private void proposeIsr(LeaderEffect.ProposeIsr<PartitionCommand> e) {
        around.isrProposals()
                .propose(
                        loop.partition(),
                        e.leaderEpoch(),
                        e.partitionEpoch(),
                        e.isr().stream().sorted().toList(),
                        (certain, why) -> loop.step(new LeaderEvent.IsrRefused<>(
                                e.partitionEpoch(), certain, around.clock().nanos())));
    }

    private void moveStart(DeleteRecords command, long offset, List<LeaderEffect<PartitionCommand>> effects) {
        try {
            log.advanceStart(offset);
        } catch (StorageFailure e) {
            if (e.scope() != StorageFailure.Scope.FULL) {
                throw e;
            }
            command.future.complete(new Result.Refused<>(Fault.DISK_FULL, around.full(loop.partition(), e)));
            return;
        }
        step(new LeaderEvent.StartMoved<>(offset), effects);
        command.future.complete(new Result.Ok<>(offset));
    }

    /** Writes what the leader decided into the bytes: offset and epoch lie outside the CRC, a stamped time does not. */
    private void gather(Append append, List<BatchHeader> decided) {
        ByteBuffer bytes = append.batches;
        int position = bytes.position();
        for (int i = 0; i < decided.size(); i++) {
            BatchHeader header = decided.get(i);
            BatchFields.setBaseOffset(bytes, position, header.baseOffset());
            BatchFields.setLeaderEpoch(bytes, position, header.leaderEpoch());
            if (header.isLogAppendTime() && !header.isControl()) {
                BatchFields.setLogAppendTime(bytes, position, header.maxTimestampMs());
            }
            position += header.sizeBytes();
        }
        Invariant.check(position == bytes.limit(), "batches end at %s, the buffer at %s", position, bytes.limit());
        buffers.add(bytes);
        headers.addAll(decided);
        gatheredBytes += append.sizeBytes();
    }

    /** What was written by the leader that this node was, for the follower that it will be. */
    private boolean handOver(Append append, AppendAnswer answer) {
        PartitionCommand.Finish finish = finishing;
        if (finish == null
                || finish.delete
                || finish.fault != Fault.NOT_LEADER
                || !(answer instanceof AppendAnswer.Unknown unknown)
                || unknown.written().isEmpty()) {
            return false;
        }
        handedOver.add(new HandedOver(
                append.future,
                unknown.written().get(),
                append.deadlineNanos,
                around.limits().handOver()));
        return true;
    }

    private void answer(Append append, AppendAnswer answer) {
        if (handOver(append, answer)) {
            return;
        }
        append.future.complete(
                switch (answer) {
                    case AppendAnswer.Done d ->
                        new ProduceOutcome.Appended(
                                d.baseOffset(),
                                d.lastOffset(),
                                d.appendTimeMs(),
                                machine.logStartOffset(),
                                d.duplicate());
                    case AppendAnswer.Refused r -> new ProduceOutcome.Refused(r.fault(), r.detail());
                    case AppendAnswer.Unknown u -> new ProduceOutcome.Unknown(u.fault(), u.detail());
                });
    }

    PartitionOffsets positions() {
        return new PartitionOffsets(
                machine.logStartOffset(),
                machine.lastStableOffset(),
                machine.highWatermark(),
                machine.logEndOffset(),
                machine.epoch());
    }

    private void forceEnded(PartitionCommand.ForceEnded ended, List<LeaderEffect<PartitionCommand>> effects) {
        forcing = false;
        flush(effects);
        Throwable failure = ended.failure;
        if (failed || finished) {
            finishIfIdle(effects);
            return;
        }
        if (failure instanceof StorageFailure e) {
            storageFailed(e, effects);
        } else if (failure != null) {
            around.bug(loop.partition(), failure);
            fail(Fault.INTERNAL, "A force ended with an internal fault: " + failure, effects);
        } else {
            step(new LeaderEvent.Forced<>(ended.offset), effects);
            storePendingSnapshot();
        }
        finishIfIdle(effects);
    }

    private void checkpoint(List<LeaderEffect<PartitionCommand>> effects) {
        long end = machine.logEndOffset();
        if (end > snapshotOffset && pendingSnapshot == null) {
            pendingSnapshot = new StateSnapshot(end, ProducerSnapshot.encode(machine.producers(), end));
        }
        step(new LeaderEvent.ForceAsked<>(), effects);
        storePendingSnapshot();
    }

    private void storePendingSnapshot() {
        StateSnapshot snapshot = pendingSnapshot;
        if (snapshot != null && snapshot.offset() <= machine.forcedOffset()) {
            pendingSnapshot = null;
            try {
                log.writeSnapshot(snapshot);
                snapshotOffset = snapshot.offset();
            } catch (StorageFailure e) {
                if (e.scope() != StorageFailure.Scope.FULL) {
                    throw e;
                }
                around.full(loop.partition(), e); // the next checkpoint tries again; until then more is replayed
            }
        }
    }

    private void finish(PartitionCommand.Finish finish, List<LeaderEffect<PartitionCommand>> effects) {
        flush(effects);
        if (finished) {
            finish.future.complete(null);
            return;
        }
        PartitionCommand.Finish before = finishing;
        if (before != null) {
            var _ = finish.future.whenComplete((v, e) -> before.future.complete(null));
        }
        finishing = finish;
        boolean serving = refusing() == null;
        if (finish.delete) {
            loop.takeOffline(finish.fault, finish.detail);
            step(new LeaderEvent.Stopped<>(finish.fault, finish.detail), effects);
        } else if (serving) {
            loop.takeOffline(finish.fault, finish.detail);
            checkpoint(effects);
        }
        finishIfIdle(effects);
    }

    /** Closes or deletes the log as soon as neither a force nor maintenance works on it. */
    private void finishIfIdle(List<LeaderEffect<PartitionCommand>> effects) {
        PartitionCommand.Finish finish = finishing;
        if (finish == null || finished || forcing || !loop.endMaintenanceForGood()) {
            return;
        }
        finished = true;
        try {
            if (finish.delete) {
                log.delete();
            } else {
                step(new LeaderEvent.Stopped<>(finish.fault, finish.detail), effects);
                log.close();
            }
        } catch (StorageFailure e) {
            around.storageFailed(loop.partition(), e);
        } finally {
            loop.publish(positions());
            loop.handOver(List.copyOf(handedOver));
            finish.future.complete(null);
        }
    }

    private void storageFailed(StorageFailure e, List<LeaderEffect<PartitionCommand>> effects) {
        around.storageFailed(loop.partition(), e);
        if (e.scope() == StorageFailure.Scope.FULL) {
            fail(Fault.DISK_FULL, "The disk is full: " + e.getMessage(), effects);
        } else {
            fail(Fault.STORAGE_OFFLINE, "The storage of the partition failed: " + e.getMessage(), effects);
        }
    }

    /**
     * No more service. What was acknowledged in this moment, is planned or waits has an unknown outcome: it may be found
     * in the log after a restart.
     */
    private void fail(Fault fault, String detail, List<LeaderEffect<PartitionCommand>> effects) {
        failed = true;
        buffers.clear();
        headers.clear();
        gatheredBytes = 0;
        pendingSnapshot = null;
        loop.takeOffline(fault, detail);
        machine.step(new LeaderEvent.Stopped<>(fault, detail), effects);
        for (LeaderEffect<PartitionCommand> effect : effects) {
            if (effect instanceof LeaderEffect.Answer<PartitionCommand> a) {
                answer(
                        (Append) a.ticket(),
                        a.answer() instanceof AppendAnswer.Done ? new AppendAnswer.Unknown(fault, detail) : a.answer());
            }
        }
        effects.clear();
        finishIfIdle(effects);
    }
}
