package io.jofka.node.broker;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.partition.LeaderEvent.Ack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that behaves as Kafka's producers do: with a producer id it has at most five batches in flight, sends what has
 * an unknown outcome again in order, and starts anew under another id when the partition no longer knows its sequences.
 * Without one it sends once and never again.
 */
final class SimProducer {
    private static final int IN_FLIGHT = 5;

    private final RandomGenerator random;
    private final SimHistory history;
    private final String name;
    private final boolean idempotent;
    private final boolean transactional;
    /** Whether a lost sequence may be explained by data that the topic does not promise to keep. */
    private final boolean mayLose;

    private final ArrayDeque<Sent> unresolved = new ArrayDeque<>();
    private final List<String> inTransaction = new ArrayList<>();
    private long producerId;
    private int sequence;
    private int counter;
    private boolean open;
    private boolean resetWanted;
    private int ids;

    /** A batch that has no final outcome yet. */
    private static final class Sent {
        final List<String> values;
        final int sequence;
        final Ack ack;
        final @Nullable ControlRecord marker;

        @Nullable
        CompletableFuture<ProduceOutcome> future;

        Sent(List<String> values, int sequence, Ack ack, @Nullable ControlRecord marker) {
            this.values = values;
            this.sequence = sequence;
            this.ack = ack;
            this.marker = marker;
        }
    }

    SimProducer(
            RandomGenerator random,
            SimHistory history,
            int number,
            boolean idempotent,
            boolean transactional,
            boolean mayLose) {
        this.random = random;
        this.history = history;
        this.name = "p" + number;
        this.idempotent = idempotent || transactional;
        this.transactional = transactional;
        this.mayLose = mayLose;
        this.producerId = number * 1_000L;
    }

    /** One thing that a client does. */
    void act(PartitionLoop loop, long nowMs, long deadlineNanos) {
        resolve();
        if (resetWanted) {
            reset();
        }
        Sent again =
                unresolved.stream().filter(s -> s.future == null).findFirst().orElse(null);
        if (again != null) {
            if (idempotent) {
                // in order: everything behind the first unknown one is sent again, too
                for (Sent sent : unresolved) {
                    if (sent.future == null) {
                        history.sentAgain(sent.values);
                        send(loop, sent, nowMs, deadlineNanos);
                    }
                }
            } else {
                unresolved.remove(again);
            }
        } else if (unresolved.size() < IN_FLIGHT) {
            sendNew(loop, nowMs, deadlineNanos);
        }
    }

    private void sendNew(PartitionLoop loop, long nowMs, long deadlineNanos) {
        if (transactional && open && unresolved.isEmpty() && random.nextInt(3) == 0) {
            ControlRecord.Outcome outcome =
                    random.nextBoolean() ? ControlRecord.Outcome.COMMIT : ControlRecord.Outcome.ABORT;
            // known from here on: whenever it gets into the log, the transaction ends like this and in no other way
            history.transactionEnded(inTransaction, outcome == ControlRecord.Outcome.COMMIT);
            Sent marker = new Sent(List.of(), -1, Ack.ALL, new ControlRecord(outcome, 0));
            unresolved.add(marker);
            send(loop, marker, nowMs, deadlineNanos);
            return;
        }
        if (open && unresolved.stream().anyMatch(s -> s.marker != null)) {
            return;
        }
        List<String> values = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            values.add(name + "-" + counter++ + "x".repeat(random.nextInt(60)));
        }
        if (transactional) {
            open = true;
            inTransaction.addAll(values);
        }
        Sent sent = new Sent(values, sequence, idempotent || random.nextBoolean() ? Ack.ALL : Ack.LEADER, null);
        sequence += values.size();
        unresolved.add(sent);
        send(loop, sent, nowMs, deadlineNanos);
    }

    private void send(PartitionLoop loop, Sent sent, long nowMs, long deadlineNanos) {
        ControlRecord marker = sent.marker;
        if (marker != null) {
            ByteBuffer batch = marker.toBatch(0, -1, producerId, (short) 0, nowMs);
            sent.future = loop.appendMarker(batch, BatchHeader.read(batch, 0), marker, deadlineNanos);
            return;
        }
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        if (idempotent) {
            builder.producer(producerId, (short) 0, sent.sequence);
        }
        if (transactional) {
            builder.transactional();
            loop.step(new LeaderEvent.TransactionBegun<>(producerId, (short) 0));
        }
        for (String value : sent.values) {
            builder.append(nowMs, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), List.of());
        }
        ByteBuffer batch = builder.build(0, -1);
        sent.future = loop.append(batch, List.of(BatchHeader.read(batch, 0)), sent.ack, deadlineNanos);
    }

    /** Looks at answers that have come. */
    void resolve() {
        for (Sent sent : List.copyOf(unresolved)) {
            CompletableFuture<ProduceOutcome> future = sent.future;
            if (future != null && future.isDone()) {
                sent.future = null;
                switch (future.resultNow()) {
                    case ProduceOutcome.Appended a -> appended(sent, a);
                    case ProduceOutcome.Unknown u -> {}
                    case ProduceOutcome.Refused r -> refused(sent, r);
                }
            }
        }
    }

    private void appended(Sent sent, ProduceOutcome.Appended appended) {
        unresolved.remove(sent);
        if (sent.marker != null) {
            open = false;
            inTransaction.clear();
        } else if (sent.ack == Ack.ALL) {
            SimHistory.check(
                    appended.lastOffset() - appended.baseOffset() + 1 == sent.values.size(),
                    "wrong offsets: %s",
                    appended);
            history.acked(appended.baseOffset(), sent.values);
        }
    }

    private void refused(Sent sent, ProduceOutcome.Refused refused) {
        if (!idempotent) {
            history.refused(sent.values);
            unresolved.remove(sent);
            return;
        }
        boolean forgotten = refused.fault() == Fault.SEQUENCE_GAP || refused.fault() == Fault.DUPLICATE_SEQUENCE;
        Sent first = unresolved.peek();
        if (forgotten && first == sent) {
            SimHistory.check(mayLose, "a producer that did all right got %s", refused);
            resetWanted = true;
        }
    }

    /** As a client that bumps its epoch: what is unresolved is given up. */
    private void reset() {
        resetWanted = false;
        unresolved.clear();
        producerId += ++ids;
        sequence = 0;
        if (open) {
            // its coordinator would abort it; here the values stay in a transaction that nobody ends
            open = false;
            inTransaction.clear();
        }
    }

    /** The node is gone: nothing that is in flight will be answered. */
    void disconnected() {
        resolve();
        unresolved.forEach(sent -> sent.future = null);
    }

    /** A power cut may have taken the transaction's records, and with them the transaction. */
    void transactionMayBeLost() {
        if (transactional) {
            resetWanted = true;
        }
    }
}
