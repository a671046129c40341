package io.jofka.node.storage;

/**
 * How far a segment reaches; published as one value, so that a reader sees size and end offset that belong together.
 *
 * @param endOffset exclusive; for a closed segment the base of the next one, whatever compaction took out
 * @param maxTimestampMs the largest timestamp, -1 when there is none
 */
record Extent(int sizeBytes, long endOffset, long maxTimestampMs) {}
