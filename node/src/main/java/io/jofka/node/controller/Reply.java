package io.jofka.node.controller;

import io.jofka.api.fault.Fault;

/** What the controller answers to a command. */
sealed interface Reply<A> {
    /** Decided and, if it made records, committed and applied here. {@code index} holds all of it. */
    record Done<A>(long index, A answer) implements Reply<A> {}

    /** Not done, or with {@link Fault#OUTCOME_UNKNOWN} perhaps done. */
    record Failed<A>(Fault fault, String detail) implements Reply<A> {}
}
