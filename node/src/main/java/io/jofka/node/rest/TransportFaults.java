package io.jofka.node.rest;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.jofka.api.fault.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Gives a body to what the web server refuses before, or outside of, routing: a request line or header that cannot be
 * read, a body over the limit, too many requests at once. The server's own messages are not shown; it hands them over
 * only when its {@code error-handling.include-entity} is true. Thread-safe.
 */
public final class TransportFaults implements DirectHandler {
    private final ProblemWriter problems;
    private final RequestIds requestIds;

    public TransportFaults(ProblemWriter problems, RequestIds requestIds) {
        this.problems = problems;
        this.requestIds = requestIds;
    }

    /** Handlers for every kind of event, to be set on the listener. */
    public DirectHandlers handlers() {
        DirectHandlers.Builder builder = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            builder.addHandler(type, this);
        }
        return builder.build();
    }

    /** The server says 400 for all that it cannot read; two of these have a status of their own. */
    private static Fault fault(Status status, @Nullable String message) {
        if (status.code() == Status.BAD_REQUEST_400.code() && message != null) {
            if (message.startsWith("Header size exceeded")) {
                return Fault.HEADERS_TOO_LARGE;
            }
            if (message.startsWith("Unsupported content encoding")) {
                return Fault.UNSUPPORTED_MEDIA_TYPE;
            }
        }
        return Faults.ofStatus(status.code());
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType eventType,
            Status defaultStatus,
            ServerResponseHeaders responseHeaders,
            @Nullable String message) {
        Fault fault = fault(defaultStatus, message);
        String requestId = requestIds.fromHeaders(request.headers());
        responseHeaders.set(RequestIds.X_REQUEST_ID, requestId);
        responseHeaders.set(HeaderNames.CONTENT_TYPE, ProblemWriter.MEDIA_TYPE);
        Problem problem = Problem.of(fault);
        if (problem.retryAfterSeconds() > 0) {
            responseHeaders.set(HeaderNames.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        int query = request.path().indexOf('?');
        String path = query < 0 ? request.path() : request.path().substring(0, query);
        return TransportResponse.builder()
                .status(ProblemWriter.status(fault))
                .headers(responseHeaders)
                .keepAlive(eventType.keepAlive())
                .entity(problems.bytes(problem, Parameters.shown(path), requestId))
                .build();
    }
}
