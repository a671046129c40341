package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.data.exchange.DataMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hands the batches of a request to the log, all partitions at once, and waits for the outcomes. Thread-safe. */
public final class Appends {
    /** The service keeps the deadline itself; this is how much later a missing outcome is given up. */
    private static final int GRACE_MS = 2_000;

    private final ProduceService log;
    private final DataMetrics metrics;

    public Appends(ProduceService log, DataMetrics metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    /** Outcomes in the order of {@link Collected#batches}. */
    List<ProduceOutcome> append(TopicTarget target, Collected records, ProduceOptions options) {
        List<CompletableFuture<ProduceOutcome>> waiting =
                new ArrayList<>(records.batches().size());
        for (PartitionBatches batches : records.batches()) {
            waiting.add(start(target, batches, options));
        }
        List<ProduceOutcome> outcomes = new ArrayList<>(waiting.size());
        for (CompletableFuture<ProduceOutcome> one : waiting) {
            outcomes.add(await(one, options));
        }
        return outcomes;
    }

    CompletableFuture<ProduceOutcome> start(TopicTarget target, PartitionBatches batches, ProduceOptions options) {
        return start(target, batches.partition(), batches.build(), options);
    }

    CompletableFuture<ProduceOutcome> start(
            TopicTarget target, int partition, java.nio.ByteBuffer batches, ProduceOptions options) {
        int bytes = batches.remaining();
        CompletableFuture<ProduceOutcome> started =
                log.produce(new TopicPartition(target.topic().id(), partition), batches, options);
        CompletableFuture<Void> _ = started.thenAccept(outcome -> count(outcome, bytes));
        return started;
    }

    private void count(ProduceOutcome outcome, int bytes) {
        if (outcome instanceof ProduceOutcome.Appended appended && !appended.duplicate()) {
            metrics.appended(appended.lastOffset() - appended.baseOffset() + 1, bytes);
        }
    }

    /** The outcome, which is {@code Unknown} when it does not come in time. Blocks; call on a virtual thread. */
    static ProduceOutcome await(CompletableFuture<ProduceOutcome> outcome, ProduceOptions options) {
        try {
            return outcome.get((long) options.timeoutMs() + GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new ProduceOutcome.Unknown(
                    Fault.OUTCOME_UNKNOWN, "No acknowledgement came within " + options.timeoutMs() + " ms.");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new ProduceOutcome.Unknown(Fault.OUTCOME_UNKNOWN, "The node stops; the outcome is not known.");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a produce never fails, it has an outcome", bug.getCause());
        }
    }
}
