package io.jofka.node.partition;

/** A transaction that a marker closed; {@code lastOffset} is the marker's own offset. */
public record EndedTransaction(long producerId, long firstOffset, long lastOffset, boolean aborted) {}
