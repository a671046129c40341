package io.jofka.node.rest.data.exchange;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import java.io.Serial;

/**
 * Ends the reading of a request that will not be served; the service turns it into the answer. Used inside this edge
 * only, where a parser several calls deep finds the fault; carries no stack trace.
 */
public final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean closes;

    public Refusal(Problem problem) {
        this(problem, false);
    }

    /** {@code closes}: the rest of the body is not worth reading; the connection ends with the answer. */
    public Refusal(Problem problem, boolean closes) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.closes = closes;
    }

    public static Refusal of(Fault fault, String detail) {
        return new Refusal(Problem.of(fault, detail));
    }

    /** {@code pointer} is a JSON pointer, or {@code ?name} for a parameter. */
    public static Refusal at(Fault fault, String pointer, String detail) {
        return new Refusal(Problem.of(fault, detail).at(pointer));
    }

    public Problem problem() {
        return problem;
    }

    public boolean closes() {
        return closes;
    }
}
