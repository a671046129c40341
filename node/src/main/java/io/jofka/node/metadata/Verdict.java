package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;

/** What became of one item of a command. */
public sealed interface Verdict<T> {
    record Accepted<T>(T value) implements Verdict<T> {}

    /** Nothing changes for this item. {@code pointer} names the field at fault (JSON pointer) or is empty. */
    record Refused<T>(Fault fault, String detail, String pointer) implements Verdict<T> {}

    static <T> Verdict<T> refused(Fault fault, String detail) {
        return new Refused<>(fault, detail, "");
    }

    static <T> Verdict<T> refused(Fault fault, String detail, String pointer) {
        return new Refused<>(fault, detail, pointer);
    }
}
