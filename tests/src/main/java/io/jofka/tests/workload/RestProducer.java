package io.jofka.tests.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Rest;
import io.jofka.tests.history.Event;
import io.jofka.tests.history.RecordId;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Produces over REST, one request at a time with one to five records. Plain: an answer that is lost, or that says so,
 * leaves the outcome unknown; any other problem, or no connection, says that nothing was stored, and is held to that.
 * With producer sequences or an idempotency key it asks again, at another node, until it knows. One request in eight goes
 * to the next node anyhow, so that most are forwarded to leaders elsewhere.
 */
final class RestProducer extends Client {
    /** How it makes a retry safe. */
    enum Safety {
        PLAIN,
        SEQUENCES,
        KEY
    }

    private static final int REQUESTS_PER_NODE = 8;
    private static final long BEHIND_NANOS = 100_000_000L;

    private final Nodes nodes;
    private final Safety safety;
    private final Load load;
    private final Map<Integer, Integer> sequences = new HashMap<>();
    private long producerId = -1;
    private int producerEpoch;
    private long requests;
    private long nextNanos = System.nanoTime();

    RestProducer(Target target, String name, Safety safety, Load load, int firstNode) {
        super(target, name);
        this.nodes = new Nodes(target.rest(), firstNode);
        this.safety = safety;
        this.load = load;
        if (safety != Safety.PLAIN) {
            target.history().idempotent(name);
        }
    }

    @Override
    void step() {
        until(nextNanos);
        if (!running()) {
            return;
        }
        nextNanos = Math.max(nextNanos + 1_000_000_000L / load.restPerSecond(), System.nanoTime() - BEHIND_NANOS);
        if (requests++ % REQUESTS_PER_NODE == 0) {
            nodes.rotate();
        }
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
                Rest.Answer answer = nodes.current().send("POST", "/producers", BodyPublishers.noBody(), Map.of());
                if (answer.status() / 100 == 2) {
                    return answer;
                }
                refuseUnlessRetriable(answer);
            } catch (UncheckedIOException e) {
                // the node is away
            }
            nodes.rotate();
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
            body.append("\"value\":").append(Payload.of(id, load.fill())).append('}');
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
            ids.forEach(id -> target.history().add(outcome(id, answer.problem())));
        } catch (UncheckedIOException e) {
            boolean sent = !Nodes.neverSent(e);
            ids.forEach(id -> target.history().add(sent ? new Event.Unknown(id) : new Event.Refused(id)));
        }
        nodes.rotate();
        pause();
    }

    /** What a problem that is not the caller's fault says about a record. */
    private static Event outcome(RecordId id, String problem) {
        return problem.equals("outcome-unknown") ? new Event.Unknown(id) : new Event.Refused(id);
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
            nodes.rotate();
            pause();
        }
        throw new AssertionError(name + " got no outcome within " + PATIENCE + ": " + last);
    }

    private Rest.Answer post(String path, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return nodes.current().post(path, body.getBytes(StandardCharsets.UTF_8), all);
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
                String type = result.path("problem").path("type").asText();
                target.history().add(outcome(ids.get(i), type.substring(type.lastIndexOf('/') + 1)));
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
