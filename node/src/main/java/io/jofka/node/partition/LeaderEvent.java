package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import java.util.List;
import java.util.Set;

/**
 * What happens to a leader. {@code T} is the caller's ticket: it comes back untouched in the answer. Times are the
 * caller's: {@code nowMs} wall time for what is stored, {@code …Nanos} monotonic time for deadlines.
 */
public sealed interface LeaderEvent<T> {
    /** When an append is to be answered. */
    enum Ack {
        /** When it is in the leader's page cache. */
        LEADER,
        /** When the high watermark has passed it. */
        ALL
    }

    /** Data batches of one sender, checked by the caller; all are taken or none. One batch if it has a producer id. */
    record Proposed<T>(T ticket, List<BatchHeader> batches, Ack ack, long deadlineNanos, long nowMs)
            implements LeaderEvent<T> {}

    /** A control batch that ends a transaction, from its coordinator; answered as {@link Ack#ALL}. */
    record MarkerProposed<T>(T ticket, BatchHeader header, ControlRecord marker, long deadlineNanos, long nowMs)
            implements LeaderEvent<T> {}

    /** The coordinator has added this partition to the producer's transaction (KIP-890: nobody else may begin one). */
    record TransactionBegun<T>(long producerId, short epoch) implements LeaderEvent<T> {}

    /** Everything of the {@link LeaderEffect.Store}s since the last such event is in the page cache. */
    record Written<T>() implements LeaderEvent<T> {}

    /** Nothing of those stores was taken; when {@code certain} is false, some of it may be on disk. */
    record WriteFailed<T>(Fault fault, String detail, boolean certain) implements LeaderEvent<T> {}

    /** Every record of the own log below this offset survives a power cut. */
    record Forced<T>(long offset) implements LeaderEvent<T> {}

    /** Ask for a force even where no record waits for one (checkpoint). */
    record ForceAsked<T>() implements LeaderEvent<T> {}

    /**
     * A follower fetches from {@code offset}: it has all below, durable as the rules ask for. {@code epoch} is the one it
     * believes in; of another epoch it is ignored.
     */
    record FollowerFetched<T>(int node, int epoch, long offset, long nowNanos) implements LeaderEvent<T> {}

    /** Followers that have not been at the log's end for {@code lagNanos} are to leave the in-sync set. */
    record IsrReviewed<T>(long nowNanos, long lagNanos) implements LeaderEvent<T> {}

    /** A {@link LeaderEffect.ProposeIsr} was refused; when not {@code certain}, it may have been committed. */
    record IsrRefused<T>(int partitionEpoch, boolean certain, long nowNanos) implements LeaderEvent<T> {}

    /** The controller committed this set; older {@code partitionEpoch}s are ignored. */
    record IsrCommitted<T>(int partitionEpoch, Set<Integer> isr, Set<Integer> replicas) implements LeaderEvent<T> {}

    /**
     * The controller gave this same leader a new epoch, for example after it registered anew. Nothing is planned then;
     * what waits goes on waiting, and followers have to acknowledge anew.
     */
    record EpochRaised<T>(int epoch) implements LeaderEvent<T> {}

    /** Delete-records: everything below the offset may go; -1 means all below the high watermark. */
    record StartAsked<T>(T ticket, long beforeOffset) implements LeaderEvent<T> {}

    /** The log starts here now, by {@link LeaderEffect.MoveStart} or retention. */
    record StartMoved<T>(long offset) implements LeaderEvent<T> {}

    record RulesChanged<T>(LeaderRules rules) implements LeaderEvent<T> {}

    /** Answers what has waited too long. */
    record TimePassed<T>(long nowNanos) implements LeaderEvent<T> {}

    /** This leader is no more: all that waits gets an unknown outcome. */
    record Stopped<T>(Fault fault, String detail) implements LeaderEvent<T> {}
}
