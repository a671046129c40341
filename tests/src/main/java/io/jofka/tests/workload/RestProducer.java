package io.jofka.tests.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Rest;
import io.jofka.tests.history.Event;
import io.jofka.tests.history.RecordId;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Produces over REST, one request at a time with one to five records. Plain: an answer that is lost leaves the outcome
 * unknown. With producer sequences or an idempotency key it asks again until it knows.
 */
final class RestProducer extends Client {
    /** How it makes a retry safe. */
    enum Safety {
        PLAIN,
        SEQUENCES,
        KEY
    }

    private final Rest rest;
    private final Safety safety;
    private final int fill;
    private final Map<Integer, Integer> sequences = new HashMap<>();
    private long producerId = -1;
    private int producerEpoch;
    private long requests;

    RestProducer(Target target, String name, Safety safety, int fill) {
        super(target, name);
        this.rest = new Rest(target.rest(), Duration.ofSeconds(10));
        this.safety = safety;
        this.fill = fill;
        if (safety != Safety.PLAIN) {
            target.history().idempotent(name);
        }
    }

    @Override
    void step() {
        requests++;
        int count = (int) (1 + requests % 5);
        List<RecordId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(next());
        }
        switch (safety) {
            case PLAIN -> once("/topics/" + target.topic() + "/records", body(ids, true), Map.of(), ids);
            case KEY -> {
                String key = UUID.randomUUID().toString();
                untilKnown(
                        "/topics/" + target.topic() + "/records", body(ids, true), Map.of("Idempotency-Key", key), ids);
            }
            case SEQUENCES -> sequenced(ids);
        }
    }

    private void sequenced(List<RecordId> ids) {
        if (producerId < 0) {
            Rest.Answer answer = askForProducer();
            producerId = answer.json().get("producerId").asLong();
            producerEpoch = answer.json().get("epoch").asInt();
        }
        int partition = (int) (requests % target.partitions());
        int sequence = sequences.getOrDefault(partition, 0);
        untilKnown(
                "/topics/" + target.topic() + "/partitions/" + partition + "/records",
                body(ids, false),
                Map.of(
                        "Producer-Id", Long.toString(producerId),
                        "Producer-Epoch", Integer.toString(producerEpoch),
                        "Producer-Seq", Integer.toString(sequence)),
                ids);
        sequences.put(partition, sequence + ids.size());
    }

    private Rest.Answer askForProducer() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Rest.Answer answer = rest.send("POST", "/producers", BodyPublishers.noBody(), Map.of());
                if (answer.status() / 100 == 2) {
                    return answer;
                }
                refuseUnlessRetriable(answer);
            } catch (UncheckedIOException e) {
                // the node is away
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no producer id within " + PATIENCE);
            }
            pause();
        }
    }

    private String body(List<RecordId> ids, boolean keys) {
        StringBuilder body = new StringBuilder("{\"records\":[");
        for (RecordId id : ids) {
            body.append(body.charAt(body.length() - 1) == '[' ? "{" : ",{");
            if (keys) {
                body.append("\"key\":\"").append(Target.key(id)).append("\",");
            }
            body.append("\"value\":").append(Payload.of(id, fill)).append('}');
        }
        return body.append("]}").toString();
    }

    private void once(String path, String body, Map<String, String> headers, List<RecordId> ids) {
        try {
            Rest.Answer answer = post(path, body, headers);
            if (answer.status() == 200 || answer.status() == 207) {
                each(answer, ids);
                return;
            }
            refuseUnlessRetriable(answer);
        } catch (UncheckedIOException e) {
            // the answer is lost
        }
        ids.forEach(id -> target.history().add(new Event.Unknown(id)));
        pause();
    }

    private void untilKnown(String path, String body, Map<String, String> headers, List<RecordId> ids) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() - end < 0) {
            try {
                Rest.Answer answer = post(path, body, headers);
                if (answer.status() == 200) {
                    acknowledged(answer, ids);
                    return;
                }
                if (answer.status() != 207) {
                    // in a mixed answer the partitions that failed are tried again with the rest, which is harmless
                    // here
                    refuseUnlessRetriable(answer);
                }
                last = answer.text();
            } catch (UncheckedIOException e) {
                last = String.valueOf(e.getMessage());
            }
            pause();
        }
        throw new AssertionError(name + " got no outcome within " + PATIENCE + ": " + last);
    }

    private Rest.Answer post(String path, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return rest.post(path, body.getBytes(StandardCharsets.UTF_8), all);
    }

    private static void refuseUnlessRetriable(Rest.Answer answer) {
        boolean final4xx =
                answer.status() < 500 && !answer.json().path("retriable").asBoolean();
        if (final4xx || answer.status() == 500) {
            throw new AssertionError("answer " + answer.status() + " " + answer.text());
        }
    }

    /** Some partitions may have taken their records and others not. */
    private void each(Rest.Answer answer, List<RecordId> ids) {
        JsonNode results = answer.json().get("results");
        for (int i = 0; i < ids.size(); i++) {
            JsonNode result = results.get(i);
            if (result.has("offset")) {
                target.history()
                        .add(new Event.Acked(
                                ids.get(i),
                                target.place(result.get("partition").asInt()),
                                result.get("offset").asLong()));
            } else if (result.path("problem").path("retriable").asBoolean()) {
                target.history().add(new Event.Unknown(ids.get(i)));
            } else {
                throw new AssertionError("answer " + answer.status() + " " + answer.text());
            }
        }
    }

    private void acknowledged(Rest.Answer answer, List<RecordId> ids) {
        JsonNode results = answer.json().get("results");
        if (results == null || results.size() != ids.size()) {
            throw new AssertionError("results for " + ids + ": " + answer.text());
        }
        for (int i = 0; i < ids.size(); i++) {
            JsonNode result = results.get(i);
            target.history()
                    .add(new Event.Acked(
                            ids.get(i),
                            target.place(result.get("partition").asInt()),
                            result.get("offset").asLong()));
        }
    }
}
