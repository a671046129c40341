package io.jofka.node.rest;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.jofka.api.fault.Fault;
import java.util.function.BooleanSupplier;

/**
 * Refuses calls of the API until the node knows its metadata and has opened its partitions: the listener is bound
 * before, because its port is part of what the node registers, and an answer from half the metadata would tell of topics
 * that they do not exist. Thread-safe.
 */
public final class StartingFilter implements Filter {
    private static final String API = "/api/";

    private final BooleanSupplier started;
    private final ProblemWriter problems;

    /** {@code started} turns true once and stays so. */
    public StartingFilter(BooleanSupplier started, ProblemWriter problems) {
        this.started = started;
        this.problems = problems;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (started.getAsBoolean() || !request.prologue().uriPath().rawPath().startsWith(API)) {
            chain.proceed();
        } else {
            problems.send(request, response, Problem.of(Fault.STARTING));
        }
    }
}
