package io.jofka.node.rest.data.exchange;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.data.json.JsonOut;

/** Sends answers of the data path. Thread-safe. */
public final class Answers {
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.JSON);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    private final ProblemWriter problems;
    private final RequestIds requestIds;

    public Answers(ProblemWriter problems, RequestIds requestIds) {
        this.problems = problems;
        this.requestIds = requestIds;
    }

    public void json(ServerResponse response, JsonOut out) {
        json(response, Status.OK_200, out);
    }

    public void json(ServerResponse response, Status status, JsonOut out) {
        response.status(status);
        response.header(JSON);
        response.header(NO_STORE);
        response.send(out.array(), 0, out.length());
    }

    public void refuse(ServerRequest request, ServerResponse response, Refusal refusal) {
        if (refusal.isClosing()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        problems.send(request, response, refusal.problem());
        if (refusal.isClosing()) {
            Body.pass(request);
        }
    }

    /** Writes the problem as an object, for answers that carry one problem in each slot. */
    public void slot(ServerRequest request, JsonOut out, Problem problem) {
        byte[] bytes = problems.bytes(problem, request.prologue().uriPath().rawPath(), requestIds.of(request));
        out.raw(bytes, 0, bytes.length);
    }
}
