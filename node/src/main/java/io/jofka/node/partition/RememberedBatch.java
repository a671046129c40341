package io.jofka.node.partition;

/**
 * A batch of an idempotent producer as the partition remembers it, to answer its retry with the original offsets
 * (KIP-98). Sequences and offsets are inclusive; {@code timestampMs} is the batch's largest record timestamp.
 */
public record RememberedBatch(
        int firstSequence, int lastSequence, long baseOffset, long lastOffset, long timestampMs) {}
