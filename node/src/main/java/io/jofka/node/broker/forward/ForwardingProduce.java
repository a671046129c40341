package io.jofka.node.broker.forward;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.forward.proto.AckLevel;
import io.jofka.node.broker.forward.proto.ProduceAnswer;
import io.jofka.node.broker.forward.proto.ProduceAsk;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * Produces to any partition of the cluster. What is certainly not done because leadership is moving is tried again until
 * the caller's time is over; what may have been done is tried again only where sequences make that harmless (KIP-98).
 * Thread-safe.
 */
final class ForwardingProduce implements ProduceService {
    private static final int GRACE_MS = 500;
    /** A failover takes a second or two; who has no leader after this is told so. */
    private static final int PATIENCE_MS = 10_000;

    private final ProduceService local;
    private final Leaders leaders;
    private final Net net;
    private final Executor threads;

    ForwardingProduce(ProduceService local, Leaders leaders, Net net, Executor threads) {
        this.local = local;
        this.leaders = leaders;
        this.net = net;
        this.threads = threads;
    }

    @Override
    public CompletableFuture<ProduceOutcome> produce(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        if (!leaders.isSelf(leaders.of(partition))) {
            return later(partition, batches, options, leaders.deadline(options.timeoutMs()));
        }
        boolean repeatable = repeatable(batches);
        ByteBuffer again = batches.duplicate();
        CompletableFuture<ProduceOutcome> first = local.produce(partition, batches, options);
        if (first.isDone() && !mayChange(first.resultNow(), repeatable)) {
            return first;
        }
        long deadlineNanos = leaders.deadline(options.timeoutMs());
        return first.thenCompose(outcome -> mayChange(outcome, repeatable) && leaders.left(deadlineNanos) > 0
                ? later(partition, again, options, deadlineNanos)
                : CompletableFuture.completedFuture(outcome));
    }

    private CompletableFuture<ProduceOutcome> later(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options, long deadlineNanos) {
        return CompletableFuture.supplyAsync(() -> insist(partition, batches, options, deadlineNanos), threads);
    }

    private ProduceOutcome insist(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options, long deadlineNanos) {
        boolean repeatable = repeatable(batches);
        boolean perhapsDone = false;
        long patienceNanos = leaders.deadline(Math.min(PATIENCE_MS, leaders.left(deadlineNanos)));
        while (true) {
            ProduceOutcome outcome =
                    once(partition, batches.duplicate(), options, Math.max(1, leaders.left(deadlineNanos)));
            if (!mayChange(outcome, repeatable) || !leaders.pause(patienceNanos)) {
                return perhapsDone && outcome instanceof ProduceOutcome.Refused refused && mayChange(refused, true)
                        ? new ProduceOutcome.Unknown(
                                Fault.OUTCOME_UNKNOWN, "A leader was asked and did not answer: " + refused.detail())
                        : outcome;
            }
            perhapsDone |= outcome instanceof ProduceOutcome.Unknown;
        }
    }

    private static boolean mayChange(ProduceOutcome outcome, boolean repeatable) {
        return switch (outcome) {
            case ProduceOutcome.Appended a -> false;
            case ProduceOutcome.Refused r -> Leaders.isTransient(r.fault()) || r.fault() == Fault.NOT_ENOUGH_REPLICAS;
            case ProduceOutcome.Unknown u -> repeatable;
        };
    }

    private ProduceOutcome once(TopicPartition partition, ByteBuffer batches, ProduceOptions options, int leftMs) {
        int leader = leaders.of(partition);
        ProduceOptions left = new ProduceOptions(options.acks(), leftMs, options.trusted());
        try {
            return leaders.isSelf(leader)
                    ? local.produce(partition, batches, left).get()
                    : answer(net.call(leader, Net.Call.PRODUCE, ask(partition, batches, left), leftMs + GRACE_MS)
                            .get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ProduceOutcome.Unknown(Fault.OUTCOME_UNKNOWN, "The request was interrupted.");
        } catch (ExecutionException e) {
            return failure(leader, e);
        }
    }

    private static ProduceOutcome failure(int leader, ExecutionException failed) {
        return switch (failed.getCause()) {
            case Net.Unreachable u ->
                new ProduceOutcome.Refused(
                        Fault.LEADER_NOT_AVAILABLE, "The leader, node " + leader + ", is not reached.");
            case Net.Rejected r ->
                new ProduceOutcome.Refused(
                        Fault.LEADER_NOT_AVAILABLE, "The leader, node " + leader + ", refuses: " + r.getMessage());
            case null, default ->
                new ProduceOutcome.Unknown(Fault.OUTCOME_UNKNOWN, "The leader, node " + leader + ", did not answer.");
        };
    }

    private static byte[] ask(TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        return ProduceAsk.newBuilder()
                .setPartition(Wire.of(partition))
                .setAcks(
                        switch (options.acks()) {
                            case NONE -> AckLevel.ACK_LEVEL_NONE;
                            case LEADER -> AckLevel.ACK_LEVEL_LEADER;
                            case ALL -> AckLevel.ACK_LEVEL_ALL;
                        })
                .setTimeoutMs(options.timeoutMs())
                .setTrusted(options.trusted())
                .setBatches(ByteString.copyFrom(batches))
                .build()
                .toByteArray();
    }

    private static ProduceOutcome answer(byte[] bytes) {
        try {
            return Wire.of(ProduceAnswer.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            return new ProduceOutcome.Unknown(Fault.OUTCOME_UNKNOWN, "The leader's answer cannot be read.");
        }
    }

    /** Whether the leader recognises the batch when it comes again. */
    private static boolean repeatable(ByteBuffer batches) {
        return batches.remaining() >= BatchFields.HEADER_SIZE
                && batches.getLong(batches.position() + BatchFields.PRODUCER_ID) >= 0;
    }
}
