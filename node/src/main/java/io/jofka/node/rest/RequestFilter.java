package io.jofka.node.rest;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * First filter of the listener: gives the request its id and echoes id and trace on whatever is answered. Thread-safe.
 */
public final class RequestFilter implements Filter {
    private final RequestIds requestIds;

    public RequestFilter(RequestIds requestIds) {
        this.requestIds = requestIds;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header(RequestIds.X_REQUEST_ID, requestIds.of(request));
        request.headers()
                .first(RequestIds.TRACEPARENT)
                .filter(RequestIds::isTraceparent)
                .ifPresent(trace -> response.header(RequestIds.TRACEPARENT, trace));
        chain.proceed();
    }
}
