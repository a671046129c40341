package io.jofka.node.rest;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Answers, as a problem, every request that no handler took or whose handler failed: planned operations 501, known
 * addresses with another method 405, all else 404; a bug 500 with the request id in the log. Thread-safe.
 */
public final class FaultHandlers {
    private static final System.Logger LOG = System.getLogger(FaultHandlers.class.getName());

    private final ProblemWriter problems;
    private final RequestIds requestIds;
    private final Contract contract;

    public FaultHandlers(ProblemWriter problems, RequestIds requestIds, Contract contract) {
        this.problems = problems;
        this.requestIds = requestIds;
        this.contract = contract;
    }

    public void register(HttpRouting.Builder routing) {
        routing.error(NotFoundException.class, (request, response, e) -> unhandled(request, response));
        routing.error(Refusal.class, this::refused);
        routing.error(HttpException.class, this::refused);
        routing.error(Throwable.class, this::failed);
    }

    private void unhandled(ServerRequest request, ServerResponse response) {
        String method = request.prologue().method().text();
        String path = request.prologue().uriPath().rawPath();
        Optional<Contract.Operation> operation = contract.find(method, path);
        if (operation.isPresent() && operation.get().planned()) {
            String detail = "'" + operation.get().id() + "' is planned; this version does not serve it.";
            problems.send(request, response, Problem.of(Fault.NOT_IMPLEMENTED, detail));
            return;
        }
        List<String> methods = contract.methods(path);
        if (methods.isEmpty() || operation.isPresent()) {
            String detail = "No operation is at '" + Parameters.shown(path) + "'.";
            problems.send(request, response, Problem.of(Fault.NOT_FOUND, detail));
            return;
        }
        String allowed = allow(methods);
        response.header(HeaderNames.ALLOW, allowed);
        if (method.equals("OPTIONS")) {
            response.status(Status.NO_CONTENT_204).send();
            return;
        }
        String detail = "The address takes " + allowed + ", not " + Parameters.shown(method) + ".";
        problems.send(request, response, Problem.of(Fault.METHOD_NOT_ALLOWED, detail));
    }

    /** The value of an {@code Allow} header. */
    public static String allow(List<String> methods) {
        return String.join(", ", methods) + ", OPTIONS";
    }

    private void refused(ServerRequest request, ServerResponse response, Refusal refusal) {
        if (refusal.isClosing()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        problems.send(request, response, refusal.problem());
    }

    private void refused(ServerRequest request, ServerResponse response, HttpException e) {
        Fault fault = Faults.ofStatus(e.status().code());
        if (fault == Fault.INTERNAL) {
            failed(request, response, e);
            return;
        }
        if (!e.keepAlive()) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        problems.send(request, response, Problem.of(fault));
    }

    private void failed(ServerRequest request, ServerResponse response, Throwable e) {
        if (e instanceof ServerConnectionException || e instanceof UncheckedIOException) {
            // the caller is gone: there is nobody to answer
            throw new CloseConnectionException("The connection failed", e);
        }
        String id = requestIds.of(request);
        LOG.log(System.Logger.Level.ERROR, "Request " + id + " failed", e);
        Problem problem =
                Problem.of(Fault.INTERNAL, "The node has met a fault of its own; its log has the request id.");
        problems.send(request, response, problem);
    }
}
