package io.jofka.node.rest.data.produce;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Seed;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The addresses that write. Each method answers the request or throws a refusal. Thread-safe. */
public final class ProduceRoutes {
    private static final Set<String> RECORD_PARAMETERS = Set.of("acks", "timeoutMs");
    private static final List<String> JSON_ONLY = List.of(Media.JSON);
    private static final List<String> NDJSON_ONLY = List.of(Media.NDJSON);
    private static final List<String> RECORD_BODIES =
            List.of(Media.JSON, Media.NDJSON, Media.CLOUD_EVENT, Media.CLOUD_EVENTS);
    private static final List<String> BATCH_BODIES = List.of(Media.BATCHES);
    private static final int PRODUCER_ID_WAIT_S = 30;

    private final TopicTargets topics;
    private final ProducerIds producerIds;
    private final Gate requests;
    private final Answers answers;
    private final DataLimits limits;
    private final RecordProduce whole;
    private final RecordSource json;
    private final RecordSource event;
    private final RecordSource events;
    private final NdjsonProduce lines;
    private final BatchProduce batches;

    /** {@code requests} counts produce requests in work, {@code bodies} the bytes of theirs that are held. */
    public ProduceRoutes(
            TopicTargets topics,
            ProduceService log,
            ProducerIds producerIds,
            Idempotency idempotency,
            DataLimits limits,
            Gate requests,
            Gate bodies,
            StallGuard stalls,
            Clock clock,
            Seed seed,
            Answers answers,
            DataMetrics metrics) {
        this.topics = topics;
        this.producerIds = producerIds;
        this.requests = requests;
        this.answers = answers;
        Appends appends = new Appends(log, metrics);
        StickyPartitions sticky = new StickyPartitions(seed);
        ProduceAnswer results = new ProduceAnswer(answers);
        IdempotentProduce idempotent = new IdempotentProduce(idempotency, clock, appends, results);
        this.limits = limits;
        this.whole = new RecordProduce(limits, bodies, clock, sticky, appends, results, idempotent);
        this.json = new JsonRecords(limits);
        this.event = new CloudEventRecords(limits, false);
        this.events = new CloudEventRecords(limits, true);
        this.lines = new NdjsonProduce(limits, bodies, stalls, clock, sticky, appends, answers);
        this.batches = new BatchProduce(limits, bodies, appends, answers);
    }

    /** {@code partition} is -1 for the whole topic. */
    public void records(ServerRequest request, ServerResponse response, String topic, int partition) {
        String type = Media.ofBody(request.headers(), RECORD_BODIES);
        Media.toAnswer(request.headers(), type.equals(Media.NDJSON) ? NDJSON_ONLY : JSON_ONLY);
        Parameters params = Parameters.of(request.query(), RECORD_PARAMETERS);
        TopicTarget target = topics.find(topic);
        ProduceCall call = ProduceCall.of(request, response, target, partition, params, true);
        inGate(() -> {
            switch (type) {
                case Media.NDJSON -> lines.serve(call);
                case Media.CLOUD_EVENT -> whole.serve(call, event);
                case Media.CLOUD_EVENTS -> whole.serve(call, events);
                default -> whole.serve(call, json);
            }
        });
    }

    /** Any body is the value of one record. */
    public void raw(ServerRequest request, ServerResponse response, String topic) {
        Media.toAnswer(request.headers(), JSON_ONLY);
        Parameters params = Parameters.of(request.query(), RawRecord.PARAMETERS);
        TopicTarget target = topics.find(topic);
        ProduceCall call = ProduceCall.of(request, response, target, RawRecord.partition(params), params, true);
        RecordSource source = switch (Media.bare(request.headers())) {
            case Media.CLOUD_EVENT -> event;
            case Media.CLOUD_EVENTS -> events;
            default -> new RawRecord(limits, request.headers(), params);
        };
        inGate(() -> whole.serve(call, source));
    }

    /** Record batches as on Kafka's wire. */
    public void batches(ServerRequest request, ServerResponse response, String topic, int partition) {
        Media.toAnswer(request.headers(), JSON_ONLY);
        Media.ofBody(request.headers(), BATCH_BODIES);
        Parameters params = Parameters.of(request.query(), RECORD_PARAMETERS);
        TopicTarget target = topics.find(topic);
        ProduceCall call = ProduceCall.of(request, response, target, partition, params, false);
        inGate(() -> batches.serve(call));
    }

    /** A producer id for de-duplication by sequence (KIP-98). */
    public void producers(ServerRequest request, ServerResponse response) {
        Media.toAnswer(request.headers(), JSON_ONLY);
        Parameters.of(request.query(), Set.of());
        CompletableFuture<Result<Long>> next = producerIds.next();
        switch (await(next)) {
            case Result.Ok<Long>(Long id) ->
                answers.json(
                        response,
                        Status.CREATED_201,
                        new JsonOut(64).ascii("{\"producerId\":").number(id).ascii(",\"epoch\":0}"));
            case Result.Refused<Long>(Fault fault, String detail) -> throw new Refusal(fault, detail);
        }
    }

    private static Result<Long> await(CompletableFuture<Result<Long>> next) {
        try {
            return next.get(PRODUCER_ID_WAIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return new Result.Refused<>(Fault.NOT_CONTROLLER, "The controller gave no producer id in time.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Result.Refused<>(Fault.SHUTTING_DOWN, "The node is shutting down.");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a producer id is an outcome", bug.getCause());
        }
    }

    private void inGate(Runnable work) {
        requests.enter(1);
        try {
            work.run();
        } finally {
            requests.leave(1);
        }
    }
}
