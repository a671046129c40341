package io.jofka.node.rest;

import io.jofka.api.fault.Fault;
import java.io.Serial;

/**
 * Ends the handling of a request with a problem, from wherever in the edge the fault is found. Never leaves the edge:
 * error handlers and mappers turn it into the answer.
 */
public final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Refusal(Fault fault, String detail) {
        this(Problem.of(fault, detail));
    }

    /** A fault of a query parameter. */
    public static Refusal parameter(String name, String detail) {
        return new Refusal(Problem.of(Fault.INVALID_PARAMETER, detail).at("?" + name));
    }

    public Problem problem() {
        return problem;
    }
}
