package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonOut;
import io.jofka.node.rest.data.json.JsonScanner;
import io.jofka.node.rest.data.json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code POST .../partitions/{p}/truncate}: deletes the records below an offset (KIP-107). Thread-safe. */
final class Truncation {
    private static final int MAX_BODY_BYTES = 4 << 10;
    private static final int WAIT_S = 30;

    private final OffsetService offsets;
    private final DataLimits limits;
    private final Gate bodies;
    private final Answers answers;

    Truncation(OffsetService offsets, DataLimits limits, Gate bodies, Answers answers) {
        this.offsets = offsets;
        this.limits = limits;
        this.bodies = bodies;
        this.answers = answers;
    }

    void serve(ServerRequest request, ServerResponse response, TopicPartition partition) {
        Media.toAnswer(request.headers(), List.of(Media.JSON));
        Media.ofBody(request.headers(), List.of(Media.JSON));
        Parameters params = Parameters.of(request.query(), Set.of("dryRun"));
        boolean dryRun = params.flag("dryRun").orElse(false);
        long beforeOffset;
        try (Body body = Body.read(request, MAX_BODY_BYTES, bodies)) {
            beforeOffset = beforeOffset(body);
        }
        PartitionOffsets now = value(offsets.offsets(partition, -1));
        if (beforeOffset > now.highWatermark()) {
            throw new Refusal(Problem.of(
                            Fault.OFFSET_OUT_OF_RANGE,
                            "Offset " + beforeOffset + " is above the high watermark " + now.highWatermark() + ".")
                    .at("/beforeOffset")
                    .extra(Map.of("logStartOffset", now.logStartOffset(), "highWatermark", now.highWatermark())));
        }
        long wanted = beforeOffset < 0 ? now.highWatermark() : beforeOffset;
        long start = dryRun
                ? Math.max(now.logStartOffset(), wanted)
                : value(await(offsets.deleteRecords(partition, beforeOffset)));
        JsonOut out = new JsonOut(160);
        out.ascii("{\"partition\":").number(partition.partition());
        out.ascii(",\"logStartOffset\":").number(start);
        out.ascii(",\"deletedOffsets\":").number(Math.max(0, start - now.logStartOffset()));
        out.ascii(",\"highWatermark\":").number(now.highWatermark());
        out.ascii(dryRun ? ",\"dryRun\":true}" : ",\"dryRun\":false}");
        answers.json(response, out);
    }

    /** The only member of the body; -1 means the high watermark. */
    private long beforeOffset(Body body) {
        JsonScanner json = new JsonScanner(body.array(), 0, body.length(), limits.maxJsonDepth());
        try {
            if (json.peek() != '{') {
                json.value();
                json.expectEnd();
                throw invalid("", "The body must be an object with a member \"beforeOffset\".");
            }
            json.expect('{');
            long found = Long.MIN_VALUE;
            if (!json.take('}')) {
                do {
                    json.name();
                    if (!json.tokenIs("beforeOffset") || found != Long.MIN_VALUE) {
                        throw invalid("", "The body must have one member, \"beforeOffset\".");
                    }
                    json.value();
                    if (!JsonText.isWholeNumber(body.array(), json.tokenStart(), json.tokenEnd())) {
                        throw invalid("/beforeOffset", "The value must be an offset, or -1 for the high watermark.");
                    }
                    found = JsonText.wholeNumber(body.array(), json.tokenStart(), json.tokenEnd());
                } while (json.more('}'));
            }
            json.expectEnd();
            if (found < -1) {
                throw invalid("/beforeOffset", "An offset from 0 is needed, or -1 for the high watermark.");
            }
            return found;
        } catch (JsonFault fault) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The body is not good JSON: " + fault.getMessage() + ".");
        }
    }

    private static Refusal invalid(String pointer, String detail) {
        return Refusal.at(Fault.INVALID_BODY, pointer, detail);
    }

    private static <T> T value(Result<T> result) {
        return switch (result) {
            case Result.Ok<T>(T value) -> value;
            case Result.Refused<T>(Fault fault, String detail) -> throw new Refusal(fault, detail);
        };
    }

    private static Result<Long> await(CompletableFuture<Result<Long>> deleted) {
        try {
            return deleted.get(WAIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return new Result.Refused<>(Fault.OUTCOME_UNKNOWN, "The deletion was not confirmed in time.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Result.Refused<>(Fault.OUTCOME_UNKNOWN, "The node is shutting down.");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a deletion is an outcome", bug.getCause());
        }
    }
}
