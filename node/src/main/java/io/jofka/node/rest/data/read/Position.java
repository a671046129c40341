package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome.Refused;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where a reader stands in one partition; moves while a page is read. Not thread-safe. */
final class Position {
    private final String topic;
    private final TopicPartition partition;
    private long next;
    private PartitionOffsets offsets = PartitionOffsets.UNKNOWN;
    private @Nullable Refused refused;

    Position(String topic, TopicPartition partition, long next) {
        this.topic = topic;
        this.partition = partition;
        this.next = next;
    }

    String topic() {
        return topic;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Offset of the next record that has not been given. */
    long next() {
        return next;
    }

    void moveTo(long offset) {
        next = offset;
    }

    /** As of the last fetch. */
    PartitionOffsets offsets() {
        return offsets;
    }

    void offsets(PartitionOffsets seen) {
        offsets = seen;
    }

    /** Why the last fetch of this partition gave nothing, or null. */
    @Nullable
    Refused refused() {
        return refused;
    }

    void refused(@Nullable Refused reason) {
        refused = reason;
    }

    /** Whether the last fetch was refused because what is next was deleted. */
    boolean isBeforeStart() {
        return refused != null
                && refused.fault() == Fault.OFFSET_OUT_OF_RANGE
                && next < refused.offsets().logStartOffset();
    }

    /** Whether everything that is visible has been given. */
    boolean isAtEnd(Isolation isolation) {
        return offsets.logEndOffset() >= 0 && next >= end(offsets, isolation);
    }

    /** Exclusive end of what a reader may see. */
    static long end(PartitionOffsets offsets, Isolation isolation) {
        return isolation == Isolation.READ_COMMITTED ? offsets.lastStableOffset() : offsets.highWatermark();
    }
}
