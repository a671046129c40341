package io.jofka.node.rest.data.produce;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.jofka.api.batch.Murmur2;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceOutcome.Appended;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.idempotency.Begun;
import io.jofka.node.broker.idempotency.Begun.Ticket;
import io.jofka.node.broker.idempotency.Entry;
import io.jofka.node.broker.idempotency.Entry.PartitionResult;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.Media;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A produce with an {@code Idempotency-Key}. Where each record goes, its time and the producer id are fixed by what was
 * recorded when the key was first seen, so that a repeat after a crash makes the same batches, which the log then
 * recognises. Thread-safe.
 */
final class IdempotentProduce {
    private static final Header REPLAYED = HeaderValues.createCached(HeaderNames.create("Idempotent-Replayed"), "true");
    private static final int MAX_KEY = 255;

    private final Idempotency idempotency;
    private final Clock clock;
    private final Appends appends;
    private final ProduceAnswer answer;

    IdempotentProduce(Idempotency idempotency, Clock clock, Appends appends, ProduceAnswer answer) {
        this.idempotency = idempotency;
        this.clock = clock;
        this.appends = appends;
        this.answer = answer;
    }

    void serve(ProduceCall call, String key, Body body, RecordSource source) {
        check(call, key);
        TopicTarget target = call.target();
        long now = clock.wallMs();
        Collected records = records(call, key, target.partitions(), now);
        // read before anything is recorded: a request that is refused leaves no trace
        source.read(body, records);
        switch (idempotency.begin(key, digest(call, body), target.partitions(), now)) {
            case Begun.Fresh(Ticket ticket) -> append(call, records, ticket);
            case Begun.Resumed(Ticket ticket) -> {
                boolean read = false;
                try {
                    Collected again = again(call, key, body, source, ticket.entry());
                    read = true;
                    append(call, again, ticket);
                } finally {
                    if (!read) {
                        idempotency.release(ticket);
                    }
                }
            }
            case Begun.Replay(Entry entry) -> replay(call, again(call, key, body, source, entry), entry);
            case Begun.Refused(Fault fault, String detail) -> throw new Refusal(fault, detail);
        }
    }

    private static void check(ProduceCall call, String key) {
        boolean printable = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (key.isEmpty() || key.length() > MAX_KEY || !printable) {
            throw new Refusal(Fault.INVALID_PARAMETER, "Idempotency-Key must be 1 to 255 visible ASCII characters.");
        }
        if (call.producer() != null) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER, "Either Producer headers or an Idempotency-Key can be given, not both.");
        }
        if (call.options().acks() != Acks.ALL) {
            throw Refusal.at(Fault.INVALID_PARAMETER, "?acks", "With an Idempotency-Key acks is all.");
        }
    }

    private static Collected records(ProduceCall call, String key, int partitions, long timeMs) {
        int keyless = (Murmur2.hash(key.getBytes(StandardCharsets.UTF_8)) & 0x7fff_ffff) % partitions;
        Placement placement = Placement.byKey(partitions, (none, size) -> keyless);
        return new Collected(call.target(), call.partition(), placement, true, timeMs);
    }

    private static Collected again(ProduceCall call, String key, Body body, RecordSource source, Entry entry) {
        Collected records = records(call, key, entry.partitions(), entry.timeMs());
        source.read(body, records);
        return records;
    }

    private void append(ProduceCall call, Collected records, Ticket ticket) {
        boolean ended = false;
        try {
            records.writtenBy(new Producer(ticket.entry().producerId(), (short) 0, 0));
            List<ProduceOutcome> outcomes = appends.append(call.target(), records, call.options());
            List<PartitionResult> results = results(records, outcomes);
            ended = true;
            if (results.size() == outcomes.size()) {
                idempotency.finish(ticket, results);
            } else {
                idempotency.release(ticket);
            }
            answer.send(call, records, outcomes);
        } finally {
            if (!ended) {
                idempotency.release(ticket);
            }
        }
    }

    /** One for each partition that has all of its records. */
    private static List<PartitionResult> results(Collected records, List<ProduceOutcome> outcomes) {
        List<PartitionResult> results = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Appended appended) {
                results.add(new PartitionResult(
                        records.batches().get(i).partition(),
                        appended.baseOffset(),
                        appended.lastOffset(),
                        appended.logAppendTimeMs()));
            }
        }
        return results;
    }

    private void replay(ProduceCall call, Collected records, Entry entry) {
        List<ProduceOutcome> outcomes = new ArrayList<>(entry.results().size());
        for (PartitionBatches batches : records.batches()) {
            PartitionResult result = entry.results().stream()
                    .filter(r -> r.partition() == batches.partition())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the same request went to other partitions"));
            outcomes.add(new Appended(result.baseOffset(), result.lastOffset(), result.logAppendTimeMs(), -1, false));
        }
        call.response().header(REPLAYED);
        answer.send(call, records, outcomes);
    }

    private static byte[] digest(ProduceCall call, Body body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String head = call.target().topic().id() + "\n" + call.partition() + "\n"
                    + Media.bare(call.request().headers()) + "\n"
                    + call.request().query().rawValue() + "\n";
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            digest.update(body.array(), 0, body.length());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
