package io.jofka.node.broker;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.BatchValidation.Validated;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.partition.LeaderEvent.Ack;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Produces to the partitions that this node leads. Thread-safe. */
final class LocalProduceService implements ProduceService {
    private static final long NANOS_PER_MS = 1_000_000L;

    private final PartitionLookup partitions;
    private final BatchValidation validation;
    private final Clock clock;
    private final BrokerMetrics metrics;

    LocalProduceService(PartitionLookup partitions, BatchValidation validation, Clock clock, BrokerMetrics metrics) {
        this.partitions = partitions;
        this.validation = validation;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public CompletableFuture<ProduceOutcome> produce(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        long deadlineNanos = clock.nanos() + options.timeoutMs() * NANOS_PER_MS;
        return produce(partitions.find(partition), batches, options, deadlineNanos);
    }

    private CompletableFuture<ProduceOutcome> produce(
            PartitionLookup.Found found, ByteBuffer batches, ProduceOptions options, long deadlineNanos) {
        return switch (found) {
            case PartitionLookup.Found.Here h -> append(h.loop(), batches, options, deadlineNanos);
            case PartitionLookup.Found.NotHere n -> refused(new ProduceOutcome.Refused(n.fault(), n.detail()));
            case PartitionLookup.Found.Opening o ->
                o.opened().thenCompose(later -> {
                    if (deadlineNanos - clock.nanos() <= 0) {
                        return refused(new ProduceOutcome.Refused(
                                Fault.LEADER_NOT_AVAILABLE, "The partition was not open in time."));
                    }
                    return produce(later, batches, options, deadlineNanos);
                });
        };
    }

    private CompletableFuture<ProduceOutcome> append(
            PartitionLoop loop, ByteBuffer batches, ProduceOptions options, long deadlineNanos) {
        return switch (validation.validate(batches, options.trusted(), loop.settings(), clock.wallMs())) {
            case Validated.Bad b -> refused(b.refusal());
            case Validated.Good g -> {
                Ack ack = options.acks() == Acks.ALL ? Ack.ALL : Ack.LEADER;
                int bytes = g.batches().remaining();
                CompletableFuture<ProduceOutcome> future = loop.append(g.batches(), g.headers(), ack, deadlineNanos);
                if (future.isDone()) {
                    count(future.resultNow(), bytes, g.headers());
                } else {
                    var _ = future.thenAccept(outcome -> count(outcome, bytes, g.headers()));
                }
                yield future;
            }
        };
    }

    private void count(ProduceOutcome outcome, int bytes, List<BatchHeader> headers) {
        switch (outcome) {
            case ProduceOutcome.Appended a -> {
                if (a.duplicate()) {
                    metrics.duplicateBatches.increment();
                } else {
                    metrics.producedBytes.add(bytes);
                    metrics.producedRecords.add(a.lastOffset() - a.baseOffset() + 1);
                    metrics.producedBatches.add(headers.size());
                }
            }
            case ProduceOutcome.Refused r -> metrics.refusedProduces.increment();
            case ProduceOutcome.Unknown u -> metrics.unknownProduces.increment();
        }
    }

    private CompletableFuture<ProduceOutcome> refused(ProduceOutcome.Refused refusal) {
        metrics.refusedProduces.increment();
        return CompletableFuture.completedFuture(refusal);
    }
}
