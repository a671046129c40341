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
    private final boolean closing;

    public Refusal(Problem problem) {
        this(problem, false);
    }

    /** {@code closing}: the rest of the body is not worth reading, the connection ends with the answer. */
    public Refusal(Problem problem, boolean closing) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.closing = closing;
    }

    public Refusal(Fault fault, String detail) {
        this(Problem.of(fault, detail));
    }

    /** {@code pointer} is a JSON pointer into the body, or {@code ?name} for a parameter. */
    public static Refusal at(Fault fault, String pointer, String detail) {
        return new Refusal(Problem.of(fault, detail).at(pointer));
    }

    /** A fault of a query parameter. */
    public static Refusal parameter(String name, String detail) {
        return new Refusal(Problem.of(Fault.INVALID_PARAMETER, detail).at("?" + name));
    }

    public boolean isClosing() {
        return closing;
    }

    public Problem problem() {
        return problem;
    }
}
