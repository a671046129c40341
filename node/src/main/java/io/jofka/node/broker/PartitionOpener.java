package io.jofka.node.broker;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.InflationLimits;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.partition.EndedTransaction;
import io.jofka.node.partition.LeaderMachine;
import io.jofka.node.partition.ProducerSnapshot;
import io.jofka.node.partition.ProducerState;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.Log.StateSnapshot;
import io.jofka.node.storage.LogSlice;
import io.jofka.node.storage.StorageFailure;
import java.util.Optional;
import java.util.Set;

/** Turns a log on disk into a led partition: rebuilds what the leader must know from snapshot and log. Thread-safe. */
final class PartitionOpener {
    private final int self;
    private final PartitionLoop.Surroundings around;

    PartitionOpener(int self, PartitionLoop.Surroundings around) {
        this.self = self;
        this.around = around;
    }

    int self() {
        return self;
    }

    long nowNanos() {
        return around.clock().nanos();
    }

    BrokerConfig config() {
        return around.config();
    }

    /**
     * @param log just opened; the loop owns it from now on, or the caller if this throws
     * @param knownHighWatermark what the leader before told this node as its follower; 0 when nothing is known
     * @throws StorageFailure when the log is damaged before its last forced point: it is not cut and may not lead
     */
    PartitionLoop open(
            TopicPartition partition,
            Log log,
            PartitionImage image,
            PartitionSettings settings,
            long knownHighWatermark) {
        Log.RecoveryReport report = log.recovery();
        if (report.damagedAt() >= 0) {
            throw new StorageFailure(
                    StorageFailure.Scope.PARTITION,
                    "damaged at offset " + report.damagedAt() + ", before the last forced point; nothing was cut ("
                            + report.detail() + ")");
        }
        State state = state(log);
        long end = log.logEndOffset();
        if (settings.rules().forced() && log.forcedOffset() < end) {
            // what was acknowledged before a kill must be readable from the first moment on
            log.force();
        }
        log.assignEpoch(image.leaderEpoch());
        LeaderMachine<PartitionCommand> machine = new LeaderMachine<>(
                self,
                new LeaderMachine.Start(
                        image.leaderEpoch(),
                        log.logStartOffset(),
                        end,
                        log.forcedOffset(),
                        Math.min(end, Math.max(log.logStartOffset(), knownHighWatermark))),
                settings.rules(),
                state.producers(),
                image.partitionEpoch(),
                Set.copyOf(image.isr()),
                Set.copyOf(image.replicas()));
        return new PartitionLoop(partition, log, machine, state.snapshotOffset(), settings, around);
    }

    /** What a log's records mean; {@code snapshotOffset} is -1 where no stored state was of use. */
    record State(ProducerState producers, long snapshotOffset) {}

    /** Rebuilds the producers of a log from its newest usable snapshot and the batches behind it. */
    State state(Log log) {
        long end = log.logEndOffset();
        // also what deleted records left in the files tells of their producers; but a state with a hole behind it would
        // take the right next sequence for a gap, so then what is there has to do
        long first = log.segments().getFirst().baseOffset();
        Optional<StateSnapshot> stored =
                log.latestSnapshot().filter(s -> s.offset() <= end && s.offset() >= Math.min(first, end));
        Optional<ProducerState> decoded = stored.flatMap(s ->
                ProducerSnapshot.decode(s.bytes(), s.offset(), around.config().maxProducers()));
        ProducerState producers =
                decoded.orElseGet(() -> new ProducerState(around.config().maxProducers()));
        long from = decoded.isPresent() ? stored.map(StateSnapshot::offset).orElse(first) : first;
        if (from < end) {
            replay(log, producers, from);
        }
        return new State(producers, decoded.isPresent() ? from : -1);
    }

    /** Takes in what the log has from an offset on. */
    void replay(Log log, ProducerState producers, long from) {
        long nowMs = around.clock().wallMs();
        log.scan(from, header -> {
            if (header.lastOffset() >= from && header.hasProducerId()) {
                Optional<ControlRecord> marker = header.isControl() ? marker(log, header) : Optional.empty();
                producers
                        .replay(header, marker, nowMs)
                        .filter(EndedTransaction::aborted)
                        .ifPresent(ended -> index(log, ended, producers));
            }
            return true;
        });
    }

    /** The index of aborted transactions may have lost its newest entries in a power cut; the log has them. */
    private static void index(Log log, EndedTransaction ended, ProducerState producers) {
        boolean known = log.abortedIn(ended.lastOffset(), ended.lastOffset() + 1).stream()
                .anyMatch(a -> a.producerId() == ended.producerId() && a.lastOffset() == ended.lastOffset());
        if (!known) {
            log.addAborted(new AbortedTransaction(
                    ended.producerId(),
                    ended.firstOffset(),
                    ended.lastOffset(),
                    Math.min(producers.firstOpenTransaction(), ended.lastOffset() + 1)));
        }
    }

    private static Optional<ControlRecord> marker(Log log, BatchHeader header) {
        try (LogSlice slice = log.read(header.baseOffset(), header.sizeBytes(), header.nextOffset(), true)) {
            return BatchReader.of(slice.toBuffer(), 0, InflationLimits.defaults()).toList().stream()
                    .findFirst()
                    .flatMap(ControlRecord::parse);
        } catch (BadBatch e) {
            throw new StorageFailure(
                    StorageFailure.Scope.PARTITION, "unreadable control batch at " + header.baseOffset(), e);
        }
    }
}
