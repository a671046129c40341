package io.jofka.node.rest.data;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.produce.ProduceRoutes;
import io.jofka.node.rest.data.read.ReadRoutes;

/**
 * The data path of the REST face: produce, read, live tails. Register it at {@code /api/v1}, before JAX-RS; what is not
 * its own goes on to the next handler. Thread-safe; requests run on their connection's virtual thread.
 */
public final class DataService implements HttpService {
    private final ProduceRoutes produce;
    private final ReadRoutes read;
    private final Answers answers;

    public DataService(ProduceRoutes produce, ReadRoutes read, Answers answers) {
        this.produce = produce;
        this.read = read;
        this.answers = answers;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any(this::handle);
    }

    private void handle(ServerRequest request, ServerResponse response) {
        try {
            Target target = Target.of(request.prologue().uriPath().rawPath());
            if (target.kind() == Target.Kind.FOREIGN
                    || request.prologue().method().equals(Method.OPTIONS)) {
                response.next();
                return;
            }
            serve(target, request, response);
        } catch (Refusal refusal) {
            answers.refuse(request, response, refusal);
        }
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
