package io.jofka.node.rest;

import io.helidon.common.uri.UriPath;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * First filter of the listener: gives the request its id, echoes id and trace on whatever is answered, closes the
 * connection when asked to, and takes the slash off the end of the address, so that every operation is found with and
 * without it. Thread-safe.
 */
public final class RequestFilter implements Filter {
    private static final Header NOSNIFF =
            HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff");

    private final RequestIds requestIds;

    public RequestFilter(RequestIds requestIds) {
        this.requestIds = requestIds;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header(RequestIds.X_REQUEST_ID, requestIds.of(request));
        response.header(NOSNIFF);
        request.headers()
                .first(RequestIds.TRACEPARENT)
                .filter(RequestIds::isTraceparent)
                .ifPresent(trace -> response.header(RequestIds.TRACEPARENT, trace));
        if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            // RFC 9112 section 9.6; the web server closes only when the answer says so
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        String path = request.prologue().uriPath().rawPath();
        if (path.length() > 1 && path.endsWith("/")) {
            String trimmed = path.substring(0, path.length() - 1);
            request.prologue(request.prologue().withUriPath(UriPath.create(trimmed)));
        }
        chain.proceed();
    }
}
