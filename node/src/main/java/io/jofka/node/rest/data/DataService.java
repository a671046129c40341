package io.jofka.node.rest.data;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.DataMetrics.Operation;
import io.jofka.node.rest.data.produce.ProduceRoutes;
import io.jofka.node.rest.data.read.ReadRoutes;
import java.io.UncheckedIOException;

/**
 * The data path of the REST face: produce, read, live tails. Register it at {@code /api/v1}, before JAX-RS; what is not
 * its own goes on to the next handler. Thread-safe; requests run on their connection's virtual thread.
 */
public final class DataService implements HttpService {
    private final ProduceRoutes produce;
    private final ReadRoutes read;
    private final Answers answers;
    private final DataMetrics metrics;

    public DataService(ProduceRoutes produce, ReadRoutes read, Answers answers, DataMetrics metrics) {
        this.produce = produce;
        this.read = read;
        this.answers = answers;
        this.metrics = metrics;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any(this::handle);
    }

    private void handle(ServerRequest request, ServerResponse response) {
        Operation operation = Operation.NONE;
        try {
            Target target = Target.of(request.prologue().uriPath().rawPath());
            if (target.kind() == Target.Kind.FOREIGN
                    || request.prologue().method().equals(Method.OPTIONS)) {
                response.next();
                return;
            }
            operation = operation(target, request.prologue().method());
            serve(target, request, response);
            metrics.answered(operation, response.status().code());
        } catch (Refusal refusal) {
            metrics.refused(refusal.problem().fault());
            answers.refuse(request, response, refusal);
            metrics.answered(operation, response.status().code());
        } catch (UncheckedIOException | ServerConnectionException gone) {
            metrics.gone(operation);
            throw gone;
        } catch (RequestException broken) {
            metrics.answered(operation, broken.status().code());
            throw broken;
        } catch (RuntimeException bug) {
            metrics.answered(operation, Status.INTERNAL_SERVER_ERROR_500.code());
            throw bug;
        }
    }

    private static Operation operation(Target target, Method method) {
        boolean post = method.equals(Method.POST);
        if (!post && !method.equals(Method.GET)) {
            return Operation.NONE;
        }
        return switch (target.kind()) {
            case RECORDS -> post ? Operation.PRODUCE_RECORDS : Operation.READ_TOPIC;
            case PARTITION_RECORDS -> post ? Operation.PRODUCE_PARTITION_RECORDS : Operation.READ_PARTITION;
            case PARTITION_BATCHES -> post ? Operation.PRODUCE_BATCHES : Operation.READ_BATCHES;
            case OFFSETS -> post ? Operation.NONE : Operation.LIST_OFFSETS;
            case RAW -> post ? Operation.PRODUCE_BYTES : Operation.NONE;
            case TRUNCATE -> post ? Operation.TRUNCATE_PARTITION : Operation.NONE;
            case FETCH -> post ? Operation.FETCH_RECORDS : Operation.NONE;
            case PRODUCERS -> post ? Operation.CREATE_PRODUCER : Operation.NONE;
            case FOREIGN -> Operation.NONE;
        };
    }

    private void serve(Target target, ServerRequest request, ServerResponse response) {
        boolean post = request.prologue().method().equals(Method.POST);
        boolean get = request.prologue().method().equals(Method.GET);
        String topic = target.topic();
        int partition = target.partition();
        switch (target.kind()) {
            case RECORDS, PARTITION_RECORDS -> {
                if (post) {
                    produce.records(request, response, topic, partition);
                } else if (!get) {
                    throw notAllowed(target, response);
                } else if (partition < 0) {
                    read.topic(request, response, topic);
                } else {
                    read.partition(request, response, topic, partition);
                }
            }
            case PARTITION_BATCHES -> {
                if (post) {
                    produce.batches(request, response, topic, partition);
                } else if (get) {
                    read.batches(request, response, topic, partition);
                } else {
                    throw notAllowed(target, response);
                }
            }
            case OFFSETS -> {
                if (!get) {
                    throw notAllowed(target, response);
                }
                read.offsets(request, response, topic);
            }
            case RAW, TRUNCATE, FETCH, PRODUCERS -> {
                if (!post) {
                    throw notAllowed(target, response);
                }
                post(target, request, response);
            }
            case FOREIGN -> throw new IllegalStateException("routed elsewhere");
        }
    }

    private void post(Target target, ServerRequest request, ServerResponse response) {
        switch (target.kind()) {
            case RAW -> produce.raw(request, response, target.topic());
            case TRUNCATE -> read.truncate(request, response, target.topic(), target.partition());
            case FETCH -> read.fetch(request, response);
            case PRODUCERS -> produce.producers(request, response);
            case FOREIGN, RECORDS, OFFSETS, PARTITION_RECORDS, PARTITION_BATCHES ->
                throw new IllegalStateException("routed elsewhere");
        }
    }

    private static Refusal notAllowed(Target target, ServerResponse response) {
        response.header(HeaderNames.ALLOW, target.kind().methods());
        return new Refusal(Problem.of(
                Fault.METHOD_NOT_ALLOWED,
                "This address supports " + target.kind().methods() + "."));
    }
}
