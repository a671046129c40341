package io.jofka.node.rest;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.controller.Images;
import java.util.Optional;

/**
 * Lets a request that carries {@code Jofka-Min-Metadata-Index} wait until this node has seen that index, so that a caller
 * reads its own writes on every node. Thread-safe.
 */
public final class MetadataIndexFilter implements Filter {
    public static final HeaderName MIN_METADATA_INDEX = HeaderNames.create("Jofka-Min-Metadata-Index");
    public static final HeaderName METADATA_INDEX = HeaderNames.create("Jofka-Metadata-Index");

    private final Images images;
    private final ProblemWriter problems;
    private final int waitMs;

    /** {@code waitMs} is how long a request may wait, 0 to 60,000. */
    public MetadataIndexFilter(Images images, ProblemWriter problems, int waitMs) {
        this.images = images;
        this.problems = problems;
        this.waitMs = waitMs;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Optional<String> asked = request.headers().first(MIN_METADATA_INDEX);
        if (asked.isEmpty()) {
            chain.proceed();
            return;
        }
        try {
            long index =
                    Parameters.whole("Jofka-Min-Metadata-Index", asked.get().strip(), 0, Long.MAX_VALUE);
            if (images.current().index() >= index || images.await(index, waitMs)) {
                chain.proceed();
                return;
            }
            String detail = "Metadata index " + index + " is asked for; this node is at "
                    + images.current().index() + ".";
            problems.send(request, response, Problem.of(Fault.METADATA_BEHIND, detail));
        } catch (Refusal refusal) {
            problems.send(
                    request,
                    response,
                    Problem.of(Fault.INVALID_PARAMETER, refusal.problem().detail()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.send(request, response, Problem.of(Fault.SHUTTING_DOWN));
        }
    }
}
