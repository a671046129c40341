package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.TopicAdmin.Outcome;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** What the admin handlers have in common. */
final class Admin {
    private Admin() {}

    /** A client's timeout within this node's bound; clients mean "at once" by zero or less. */
    static int timeout(int askedMs, int boundMs) {
        return Math.clamp(askedMs, 1, boundMs);
    }

    /** Runs one of the two for each outcome; the error carries its message. */
    static <T> void report(Outcome<T> outcome, Consumer<T> ok, BiConsumer<Errors, String> refused) {
        switch (outcome) {
            case Outcome.Ok<T>(T value) -> ok.accept(value);
            case Outcome.Refused<T>(Fault fault, String detail, String pointer) ->
                refused.accept(KafkaErrors.forAdmin(fault), detail);
        }
    }
}
