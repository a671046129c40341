package io.jofka.node.broker;

/** The four positions of a partition at one moment: start inclusive, the others exclusive. */
public record PartitionOffsets(
        long logStartOffset, long lastStableOffset, long highWatermark, long logEndOffset, int leaderEpoch) {
    public static final PartitionOffsets UNKNOWN = new PartitionOffsets(-1, -1, -1, -1, -1);
}
