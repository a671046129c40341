package io.jofka.node.broker.idempotency;

import io.jofka.api.fault.Fault;

/** How a request with a key goes on. */
public sealed interface Begun {
    /** It is new, and its start is durable. Must be ended by {@code finish} or {@code release}. */
    record Fresh(Ticket ticket) implements Begun {}

    /** It was begun before and its end is not known: do it as the entry says. Must be ended like a fresh one. */
    record Resumed(Ticket ticket) implements Begun {}

    /** It is done; the entry has the results. */
    record Replay(Entry entry) implements Begun {}

    record Refused(Fault fault, String detail) implements Begun {}

    /** Proof that this caller works on the key. */
    record Ticket(String key, int shard, Entry entry) {}
}
