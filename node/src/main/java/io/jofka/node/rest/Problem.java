package io.jofka.node.rest;

import io.jofka.api.fault.Fault;
import java.util.List;
import java.util.Map;

/**
 * What a caller is told went wrong (RFC 9457), before it is bound to a request. Immutable.
 *
 * @param detail one plain sentence for this occurrence; never a stack trace, a class name or a library's message
 * @param errors the places at fault inside the request, in their order; empty when there is only one fault
 * @param extra further members of the answer by name: strings, booleans, numbers, or lists of these; names may not be
 *     those of the standard members
 * @param retryAfterSeconds value of {@code Retry-After}; 0 for none
 */
public record Problem(
        Fault fault, String detail, List<Pointer> errors, Map<String, Object> extra, int retryAfterSeconds) {
    public Problem {
        errors = List.copyOf(errors);
        extra = Map.copyOf(extra);
    }

    /** A place at fault: a JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter. */
    public record Pointer(String pointer, String code, String detail) {}

    /** Retriable statuses 429 and 503 ask the caller to wait a second unless {@link #retryAfter} says otherwise. */
    public static Problem of(Fault fault, String detail) {
        boolean waits = fault.status() == 429 || fault.status() == 503;
        return new Problem(fault, detail, List.of(), Map.of(), waits ? 1 : 0);
    }

    public static Problem of(Fault fault) {
        return of(fault, fault.title() + ".");
    }

    public Problem errors(List<Pointer> pointers) {
        return new Problem(fault, detail, pointers, extra, retryAfterSeconds);
    }

    public Problem at(String pointer) {
        return errors(List.of(new Pointer(pointer, fault.name(), detail)));
    }

    public Problem extra(Map<String, Object> members) {
        return new Problem(fault, detail, errors, members, retryAfterSeconds);
    }

    public Problem retryAfter(int seconds) {
        return new Problem(fault, detail, errors, extra, seconds);
    }
}
