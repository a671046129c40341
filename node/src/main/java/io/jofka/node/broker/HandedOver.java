package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.partition.AppendAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * An append that a leader had written and not yet acknowledged when another node took the lead. As a follower the node
 * soon learns whether the records stay; until then its caller waits.
 *
 * @param callers where callers go on, who must not do so in the thread that has the replica locked
 */
record HandedOver(
        CompletableFuture<ProduceOutcome> future, AppendAnswer.Done written, long deadlineNanos, Executor callers) {
    long lastOffset() {
        return written.lastOffset();
    }

    /** The new leader's high watermark has passed it, and this log is a beginning of the leader's. */
    void committed(long logStart) {
        complete(new ProduceOutcome.Appended(
                written.baseOffset(), written.lastOffset(), written.appendTimeMs(), logStart, written.duplicate()));
    }

    /** The new leader's log has not got it, and never will. */
    void cut() {
        complete(new ProduceOutcome.Refused(
                Fault.NOT_LEADER, "Another node leads the partition; the records were not kept."));
    }

    void unknown() {
        complete(new ProduceOutcome.Unknown(
                Fault.NOT_LEADER, "Another node leads the partition; whether the records were kept is not known."));
    }

    /** Nobody waits longer than the request said. */
    void expireAfter(long nanos) {
        var _ = future.completeOnTimeout(
                new ProduceOutcome.Unknown(
                        Fault.OUTCOME_UNKNOWN,
                        "The records from offset " + written.baseOffset()
                                + " are written, but were not acknowledged by all in time."),
                Math.max(1, nanos),
                TimeUnit.NANOSECONDS);
    }

    private void complete(ProduceOutcome outcome) {
        callers.execute(() -> future.complete(outcome));
    }
}
