package io.jofka.node.rest.admin;

import io.helidon.common.context.Contexts;
import io.helidon.http.HttpException;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Contract;
import io.jofka.node.rest.FaultHandlers;
import io.jofka.node.rest.Faults;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.RequestIds;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers whatever a resource, or JAX-RS around it, throws, as a problem: refusals as they are, statuses of JAX-RS and of
 * the web server by the catalogue, all else 500 with the request id in the log. Thread-safe.
 */
public final class FaultMapper implements ExceptionMapper<Throwable> {
    private static final System.Logger LOG = System.getLogger(FaultMapper.class.getName());

    private final ProblemWriter problems;
    private final RequestIds requestIds;
    private final Contract contract;

    @Context
    @SuppressWarnings({"NullAway.Init", "unused"})
    private UriInfo uri;

    @Context
    @SuppressWarnings({"NullAway.Init", "unused"})
    private Request request;

    FaultMapper(ProblemWriter problems, RequestIds requestIds, Contract contract) {
        this.problems = problems;
        this.requestIds = requestIds;
        this.contract = contract;
    }

    @Override
    public Response toResponse(Throwable thrown) {
        return switch (thrown) {
            case Refusal refusal -> answer(refusal.problem()).build();
            // without a body JAX-RS passes the request on, to whoever else may know the address
            case NotFoundException ignored ->
                Response.status(Response.Status.NOT_FOUND).build();
            case WebApplicationException e -> ofJaxRs(e);
            case HttpException e
            when Faults.ofStatus(e.status().code()) != Fault.INTERNAL ->
                answer(Problem.of(Faults.ofStatus(e.status().code()))).build();
            case UncheckedIOException e ->
                answer(Problem.of(Fault.MALFORMED_REQUEST, "The body ended too early."))
                        .build();
            default -> {
                LOG.log(System.Logger.Level.ERROR, "Request " + requestId() + " failed", thrown);
                yield answer(Problem.of(
                                Fault.INTERNAL, "The node has met a fault of its own; its log has the request id."))
                        .build();
            }
        };
    }

    private Response ofJaxRs(WebApplicationException e) {
        Fault fault = Faults.ofStatus(e.getResponse().getStatus());
        String path = uri.getRequestUri().getRawPath();
        String method = request.getMethod();
        return switch (e.getResponse().getStatus()) {
            case 405 -> {
                List<String> methods = contract.methods(path);
                String allowed = FaultHandlers.allow(methods);
                yield answer(Problem.of(fault, "The address takes " + allowed + ", not " + method + "."))
                        .header(HttpHeaders.ALLOW, allowed)
                        .build();
            }
            case 406 -> supported(fault, "Produced here", produced(path, method));
            case 415 -> supported(fault, "Read here", consumed(path, method));
            case 500 -> {
                LOG.log(System.Logger.Level.ERROR, "Request " + requestId() + " failed", e);
                yield answer(Problem.of(fault)).build();
            }
            default -> answer(Problem.of(fault)).build();
        };
    }

    private List<String> produced(String path, String method) {
        return contract.find(method, path).map(Contract.Operation::produces).orElse(List.of());
    }

    private List<String> consumed(String path, String method) {
        return contract.find(method, path).map(Contract.Operation::consumes).orElse(List.of());
    }

    private Response supported(Fault fault, String what, List<String> types) {
        Problem problem = Problem.of(fault, what + ": " + String.join(", ", types) + ".");
        return answer(problem.extra(Map.of("supported", new ArrayList<>(types))))
                .build();
    }

    private Response.ResponseBuilder answer(Problem problem) {
        String instance = uri.getRequestUri().getRawPath();
        Response.ResponseBuilder answer = Response.status(problem.fault().status())
                .type(ProblemWriter.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(problems.bytes(problem, instance, requestId()));
        return problem.retryAfterSeconds() > 0
                ? answer.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds())
                : answer;
    }

    private String requestId() {
        return Contexts.context()
                .flatMap(context -> context.get(ServerRequest.class))
                .map(requestIds::of)
                .orElse("");
    }
}
