package io.jofka.node.partition;

import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Invariant;
import io.jofka.node.partition.LeaderEffect.Answer;
import io.jofka.node.partition.LeaderEvent.Ack;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Leads one partition: gives offsets, judges producer sequences and transactions, moves the high watermark
 * and the last stable offset, and says who may be answered. Pure: no files, threads, clock or chance; the owner steps
 * events into it and carries out the effects in the order that {@link LeaderEffect} states.
 *
 * <p>Two phases: {@code Proposed} decides and plans, {@code Written} makes it so; a {@code WriteFailed} in between leaves
 * nothing behind. Offsets, all exclusive ends: log start &lt;= high watermark &lt;= log end, last stable &lt;= high
 * watermark, forced &lt;= log end. The high watermark, and with it what anyone can read, is the smallest durable end of
 * the in-sync replicas (KIP-101), counted by force or by page cache as {@link LeaderRules#forced} says; it never falls,
 * and it rests while fewer replicas are in sync than the topic asks for (KIP-966).
 *
 * @param <T> the caller's ticket
 */
public final class LeaderMachine<T> {
    /** Where the log stood when leadership began; {@code highWatermark} is what was known, at most {@code end}. */
    public record Start(int epoch, long logStart, long end, long forced, long highWatermark) {}

    private int epoch;
    private final InSyncReplicas replicas;
    private final ProducerState producers;
    private final AppendPlan<T> plan = new AppendPlan<>();
    private final Waiting<T> waiting = new Waiting<>();
    private LeaderRules rules;

    private long epochStart;
    private long logStart;
    private long end;
    private long plannedEnd;
    private long forced;
    private long highWatermark;
    private long lastStable;
    private boolean forcing;
    /** Transactions that the coordinator has begun here and that have no record yet: producer id to epoch. */
    private Map<Long, Short> begun = Map.of();
    /** Ended transactions whose marker the high watermark has not passed: marker offset to first offset. */
    private @Nullable TreeMap<Long, Long> ending;

    /** @param producers the state as of {@code start.end()}; the machine owns it from now on */
    public LeaderMachine(
            int self,
            Start start,
            LeaderRules rules,
            ProducerState producers,
            int partitionEpoch,
            Set<Integer> isr,
            Set<Integer> replicas) {
        Invariant.check(
                start.logStart() <= start.end()
                        && start.forced() <= start.end()
                        && start.highWatermark() <= start.end(),
                "inconsistent start of a leader: %s",
                start);
        this.epoch = start.epoch();
        this.replicas = new InSyncReplicas(self, partitionEpoch, isr, replicas);
        this.epochStart = start.end();
        this.rules = rules;
        this.producers = producers;
        this.logStart = start.logStart();
        this.end = start.end();
        this.plannedEnd = start.end();
        this.forced = start.forced();
        this.highWatermark = Math.max(start.logStart(), start.highWatermark());
        advance();
    }

    public int epoch() {
        return epoch;
    }

    public long logStartOffset() {
        return logStart;
    }

    /** End of what is written. */
    public long logEndOffset() {
        return end;
    }

    public long forcedOffset() {
        return forced;
    }

    public long highWatermark() {
        return highWatermark;
    }

    public long lastStableOffset() {
        return lastStable;
    }

    /** Read only by the owner. */
    public ProducerState producers() {
        return producers;
    }

    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    public int waitingCount() {
        return waiting.size();
    }

    /** Whether something is planned and not yet reported as written or failed. */
    public boolean isPlanning() {
        return !plan.isEmpty();
    }

    /** Appends to {@code effects} what follows from the event. */
    public void step(LeaderEvent<T> event, List<LeaderEffect<T>> effects) {
        switch (event) {
            case LeaderEvent.Proposed<T> e -> propose(e, effects);
            case LeaderEvent.MarkerProposed<T> e -> proposeMarker(e, effects);
            case LeaderEvent.Written<T> e -> written(effects);
            case LeaderEvent.WriteFailed<T> e -> writeFailed(e, effects);
            case LeaderEvent.TransactionBegun<T> e -> begin(e);
            case LeaderEvent.Forced<T> e -> forced(e.offset(), effects);
            case LeaderEvent.ForceAsked<T> e -> force(true, effects);
            case LeaderEvent.FollowerFetched<T> e -> fetched(e, effects);
            case LeaderEvent.IsrCommitted<T> e -> {
                if (replicas.committed(e.partitionEpoch(), e.isr(), e.replicas())) {
                    moved(effects);
                }
            }
            case LeaderEvent.IsrReviewed<T> e ->
                replicas.shrinking(end, e.nowNanos(), e.lagNanos()).ifPresent(isr -> propose(isr, effects));
            case LeaderEvent.IsrRefused<T> e -> {
                replicas.refused(e.partitionEpoch(), e.certain(), e.nowNanos());
                moved(effects);
            }
            case LeaderEvent.EpochRaised<T> e -> {
                Invariant.check(plan.isEmpty(), "a new epoch within a plan");
                if (e.epoch() > epoch) {
                    epoch = e.epoch();
                    epochStart = end;
                    replicas.forgetAcknowledgements();
                    effects.add(new LeaderEffect.Moved<>());
                }
            }
            case LeaderEvent.StartAsked<T> e -> startAsked(e, effects);
            case LeaderEvent.StartMoved<T> e -> startMoved(e.offset(), effects);
            case LeaderEvent.RulesChanged<T> e -> {
                rules = e.rules();
                moved(effects);
                force(false, effects);
            }
            case LeaderEvent.TimePassed<T> e -> waiting.expired(e.nowNanos(), effects);
            case LeaderEvent.Stopped<T> e -> {
                writeFailed(new LeaderEvent.WriteFailed<>(e.fault(), e.detail(), false), effects);
                waiting.stopped(e.fault(), e.detail(), effects);
            }
        }
    }

    private void propose(LeaderEvent.Proposed<T> e, List<LeaderEffect<T>> effects) {
        if (e.ack() == Ack.ALL && !replicas.enough(rules.minInsyncReplicas())) {
            refuse(
                    e.ticket(),
                    Fault.NOT_ENOUGH_REPLICAS,
                    replicas.size() + " replicas are in sync; the topic asks for " + rules.minInsyncReplicas() + ".",
                    effects);
            return;
        }
        BatchHeader first = e.batches().getFirst();
        if (!first.hasProducerId()) {
            accept(e.ticket(), decide(e.batches(), e.nowMs()), e.ack(), e.deadlineNanos(), null, null, effects);
            return;
        }
        Invariant.check(
                e.batches().size() == 1,
                "%s batches of one producer in one append",
                e.batches().size());
        ProducerEntry known = plan.producer(first.producerId(), producers);
        switch (SequenceCheck.of(known, first)) {
            case SequenceCheck.Refused r -> refuse(e.ticket(), r.fault(), r.detail(), effects);
            case SequenceCheck.Duplicate d -> duplicate(e, d.original(), effects);
            case SequenceCheck.InSequence s -> {
                String objection = transactionObjection(first, known);
                if (objection.isEmpty()) {
                    List<BatchHeader> decided = decide(e.batches(), e.nowMs());
                    ProducerEntry entry =
                            known == null ? ProducerEntry.fresh(first.producerId(), first.producerEpoch()) : known;
                    ProducerEntry after = entry.appended(decided.getFirst(), e.nowMs());
                    accept(e.ticket(), decided, e.ack(), e.deadlineNanos(), after, null, effects);
                } else {
                    refuse(e.ticket(), Fault.INVALID_TXN_STATE, objection, effects);
                }
            }
        }
    }

    /** Empty when the batch fits the state of its producer's transaction. */
    private String transactionObjection(BatchHeader batch, @Nullable ProducerEntry known) {
        boolean open = known != null && known.openTransactionStart() >= 0;
        if (known != null && open && known.epoch() != batch.producerEpoch()) {
            return "The transaction of the producer's older epoch is still open.";
        }
        if (!batch.isTransactional()) {
            return open ? "The producer's transaction is open; the batch is not transactional." : "";
        }
        Short begunEpoch = begun.get(batch.producerId());
        return open || (begunEpoch != null && begunEpoch == batch.producerEpoch())
                ? ""
                : "No transaction of the producer was begun for this partition by a coordinator.";
    }

    private void proposeMarker(LeaderEvent.MarkerProposed<T> e, List<LeaderEffect<T>> effects) {
        BatchHeader header = e.header();
        ProducerEntry known = plan.producer(header.producerId(), producers);
        ProducerEntry entry = known == null ? ProducerEntry.fresh(header.producerId(), header.producerEpoch()) : known;
        int coordinatorEpoch = e.marker().coordinatorEpoch();
        if (header.producerEpoch() < entry.epoch() || coordinatorEpoch < entry.coordinatorEpoch()) {
            refuse(
                    e.ticket(),
                    Fault.FENCED_PRODUCER,
                    "A newer producer or coordinator epoch has written here.",
                    effects);
            return;
        }
        List<BatchHeader> decided = decide(List.of(header), e.nowMs());
        BatchHeader marker = decided.getFirst();
        EndedTransaction ended = entry.openTransactionStart() < 0
                ? null
                : new EndedTransaction(
                        header.producerId(),
                        entry.openTransactionStart(),
                        marker.lastOffset(),
                        e.marker().outcome() == ControlRecord.Outcome.ABORT);
        ProducerEntry after = entry.ended(marker, coordinatorEpoch, e.nowMs());
        accept(e.ticket(), decided, Ack.ALL, e.deadlineNanos(), after, ended, effects);
    }

    private void begin(LeaderEvent.TransactionBegun<T> e) {
        if (begun.isEmpty()) {
            begun = new HashMap<>();
        }
        begun.put(e.producerId(), e.epoch());
    }

    /** The retry of a batch that is written or planned: it waits as the original does. */
    private void duplicate(LeaderEvent.Proposed<T> e, RememberedBatch original, List<LeaderEffect<T>> effects) {
        AppendAnswer.Done done = new AppendAnswer.Done(
                original.baseOffset(), original.lastOffset(), rules.stampTime() ? original.timestampMs() : -1, true);
        if (original.lastOffset() >= end) {
            plan.add(new AppendPlan.Item<>(e.ticket(), List.of(), e.ack(), done, e.deadlineNanos(), null, null));
        } else {
            settle(e.ticket(), e.ack(), done, e.deadlineNanos(), effects);
        }
    }

    /** The headers as they will be in the log, from the planned end on. */
    private List<BatchHeader> decide(List<BatchHeader> batches, long nowMs) {
        if (batches.size() == 1) {
            return List.of(decided(batches.getFirst(), plannedEnd, nowMs));
        }
        List<BatchHeader> decided = new ArrayList<>(batches.size());
        long offset = plannedEnd;
        for (BatchHeader batch : batches) {
            BatchHeader header = decided(batch, offset, nowMs);
            decided.add(header);
            offset = header.nextOffset();
        }
        return decided;
    }

    private BatchHeader decided(BatchHeader header, long offset, long nowMs) {
        boolean stamp = rules.stampTime() && !header.isControl();
        return new BatchHeader(
                offset,
                header.sizeBytes(),
                epoch,
                stamp ? (short) (header.attributes() | BatchFields.LOG_APPEND_TIME_FLAG) : header.attributes(),
                header.lastOffsetDelta(),
                header.baseTimestampMs(),
                stamp ? nowMs : header.maxTimestampMs(),
                header.producerId(),
                header.producerEpoch(),
                header.baseSequence(),
                header.recordCount());
    }

    private void accept(
            T ticket,
            List<BatchHeader> decided,
            Ack ack,
            long deadlineNanos,
            @Nullable ProducerEntry producer,
            @Nullable EndedTransaction ended,
            List<LeaderEffect<T>> effects) {
        BatchHeader first = decided.getFirst();
        BatchHeader last = decided.getLast();
        plannedEnd = last.nextOffset();
        AppendAnswer.Done done = new AppendAnswer.Done(
                first.baseOffset(), last.lastOffset(), first.isLogAppendTime() ? first.maxTimestampMs() : -1, false);
        plan.add(new AppendPlan.Item<>(ticket, decided, ack, done, deadlineNanos, producer, ended));
        effects.add(new LeaderEffect.Store<>(ticket, decided));
    }

    private void written(List<LeaderEffect<T>> effects) {
        end = plannedEnd;
        for (AppendPlan.Item<T> item : plan.items()) {
            apply(item, effects);
        }
        advance();
        effects.add(new LeaderEffect.Moved<>());
        waiting.passed(highWatermark, replicas.enough(rules.minInsyncReplicas()), effects);
        for (AppendPlan.Item<T> item : plan.items()) {
            settle(item.ticket(), item.ack(), item.done(), item.deadlineNanos(), effects);
        }
        plan.clear();
        force(false, effects);
    }

    private void apply(AppendPlan.Item<T> item, List<LeaderEffect<T>> effects) {
        ProducerEntry producer = item.producer();
        if (producer != null) {
            producers.put(producer);
            if (!begun.isEmpty()) {
                begun.remove(producer.producerId());
            }
        }
        EndedTransaction ended = item.ended();
        if (ended != null) {
            TreeMap<Long, Long> all = ending == null ? new TreeMap<>() : ending;
            ending = all;
            all.put(ended.lastOffset(), ended.firstOffset());
            if (ended.aborted()) {
                long stable = Math.min(producers.firstOpenTransaction(), ended.lastOffset() + 1);
                effects.add(new LeaderEffect.Aborted<>(
                        new AbortedTransaction(ended.producerId(), ended.firstOffset(), ended.lastOffset(), stable)));
            }
        }
    }

    /** Answers now, or when the high watermark has passed. */
    private void settle(T ticket, Ack ack, AppendAnswer.Done done, long deadlineNanos, List<LeaderEffect<T>> effects) {
        if (ack == Ack.LEADER || done.lastOffset() < highWatermark) {
            effects.add(new Answer<>(ticket, done));
        } else {
            waiting.add(ticket, done, deadlineNanos);
        }
    }

    private void writeFailed(LeaderEvent.WriteFailed<T> e, List<LeaderEffect<T>> effects) {
        plannedEnd = end;
        for (AppendPlan.Item<T> item : plan.items()) {
            AppendAnswer answer = e.certain()
                    ? new AppendAnswer.Refused(e.fault(), e.detail())
                    : new AppendAnswer.Unknown(e.fault(), e.detail());
            effects.add(new Answer<>(item.ticket(), answer));
        }
        plan.clear();
    }

    private void forced(long offset, List<LeaderEffect<T>> effects) {
        Invariant.check(offset <= end, "forced to %s, but the log ends at %s", offset, end);
        forcing = false;
        if (offset > forced) {
            forced = offset;
            moved(effects);
        }
        force(false, effects);
    }

    /** One force at a time: what arrives meanwhile is forced by the next one, together. */
    private void force(boolean asked, List<LeaderEffect<T>> effects) {
        if ((asked || rules.forced()) && !forcing && forced < end) {
            forcing = true;
            effects.add(new LeaderEffect.Force<>(end));
        }
    }

    private void fetched(LeaderEvent.FollowerFetched<T> e, List<LeaderEffect<T>> effects) {
        if (e.epoch() == epoch && e.offset() <= end && replicas.isFollower(e.node())) {
            replicas.fetched(e.node(), e.offset(), end, e.nowNanos());
            moved(effects);
            // who joins must have all that is acknowledged, and all that this leader began with (KIP-101)
            replicas.expansion(e.node(), e.offset(), Math.max(highWatermark, epochStart), e.nowNanos())
                    .ifPresent(isr -> propose(isr, effects));
        }
    }

    private void propose(Set<Integer> isr, List<LeaderEffect<T>> effects) {
        effects.add(new LeaderEffect.ProposeIsr<>(epoch, replicas.partitionEpoch(), isr));
    }

    private void startAsked(LeaderEvent.StartAsked<T> e, List<LeaderEffect<T>> effects) {
        long to = e.beforeOffset() == -1 ? highWatermark : e.beforeOffset();
        if (to < 0 || to > highWatermark) {
            effects.add(new LeaderEffect.StartRefused<>(
                    e.ticket(),
                    Fault.OFFSET_OUT_OF_RANGE,
                    "Records before " + to + " cannot be deleted: the high watermark is " + highWatermark + "."));
        } else if (to <= logStart) {
            effects.add(new LeaderEffect.StartUnmoved<>(e.ticket(), logStart));
        } else {
            effects.add(new LeaderEffect.MoveStart<>(e.ticket(), to));
        }
    }

    private void startMoved(long offset, List<LeaderEffect<T>> effects) {
        if (offset > logStart) {
            Invariant.check(offset <= highWatermark, "start %s above high watermark %s", offset, highWatermark);
            logStart = offset;
            effects.add(new LeaderEffect.Moved<>());
        }
    }

    private void moved(List<LeaderEffect<T>> effects) {
        long before = highWatermark;
        advance();
        if (highWatermark > before) {
            effects.add(new LeaderEffect.Moved<>());
            waiting.passed(highWatermark, replicas.enough(rules.minInsyncReplicas()), effects);
        }
    }

    private void advance() {
        if (replicas.enough(rules.minInsyncReplicas())) {
            highWatermark = Math.max(highWatermark, replicas.commonEnd(rules.forced() ? forced : end));
        }
        TreeMap<Long, Long> transactions = ending;
        long unstable = Math.max(logStart, producers.firstOpenTransaction());
        if (transactions != null && !transactions.isEmpty()) {
            transactions.headMap(highWatermark).clear();
            for (long first : transactions.values()) {
                unstable = Math.min(unstable, Math.max(logStart, first));
            }
        }
        lastStable = Math.max(lastStable, Math.min(highWatermark, unstable));
    }

    private void refuse(T ticket, Fault fault, String detail, List<LeaderEffect<T>> effects) {
        effects.add(new Answer<>(ticket, new AppendAnswer.Refused(fault, detail)));
    }
}
