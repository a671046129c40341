package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;

/** Refusals that several resources share. */
final class Refusals {
    private Refusals() {}

    /** A fault at a place of the body. */
    static Refusal body(String pointer, String detail) {
        return new Refusal(Problem.of(Fault.INVALID_BODY, detail).at(pointer));
    }
}
