package io.jofka.node.broker.forward;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who leads a partition by this node's image, and how long one waits for a better answer. Thread-safe. */
final class Leaders {
    /** Nothing was done, and a newer image or another moment may bring another answer. */
    private static final Set<Fault> TRANSIENT = EnumSet.of(
            Fault.NOT_LEADER,
            Fault.LEADER_NOT_AVAILABLE,
            Fault.STARTING,
            Fault.SHUTTING_DOWN,
            Fault.UNKNOWN_LEADER_EPOCH);

    private static final int PAUSE_MS = 20;

    private final int self;
    private final Images images;
    private final Clock clock;

    Leaders(int self, Images images, Clock clock) {
        this.self = self;
        this.images = images;
        this.clock = clock;
    }

    /** The leader's node id; this node's own where there is no leader or no such partition, which it then tells. */
    int of(TopicPartition partition) {
        return images.current()
                .topic(partition.topicId())
                .filter(topic -> partition.partition() < topic.partitions().size())
                .map(topic -> topic.partitions().get(partition.partition()).leader())
                .filter(leader -> leader >= 0)
                .orElse(self);
    }

    /** Why a call failed, in words. */
    static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }

    boolean isSelf(int node) {
        return node == self;
    }

    static boolean isTransient(Fault fault) {
        return TRANSIENT.contains(fault);
    }

    long deadline(long ms) {
        return clock.nanos() + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** Milliseconds left, 0 or more. */
    int left(long deadlineNanos) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - clock.nanos()), 0, Integer.MAX_VALUE);
    }

    /** Waits for the next image, at most a moment; false when the deadline is over or the caller was interrupted. */
    boolean pause(long deadlineNanos) {
        int left = left(deadlineNanos);
        if (left == 0) {
            return false;
        }
        try {
            images.await(images.current().index() + 1, Math.min(PAUSE_MS, left));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
