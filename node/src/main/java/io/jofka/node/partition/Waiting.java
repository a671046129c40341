package io.jofka.node.partition;

import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEffect.Answer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Appends that wait for the high watermark. Those of new records are in the order of their offsets; retries of records
 * that are themselves still waiting are in no order and rare. Its length is bounded by the caller: every entry belongs to
 * one request that is open.
 */
final class Waiting<T> {
    /** One that waits until the high watermark is at or above {@code done.lastOffset() + 1}. */
    private record Entry<T>(T ticket, AppendAnswer.Done done, long deadlineNanos) {}

    private @Nullable ArrayDeque<Entry<T>> inOrder;
    private @Nullable ArrayDeque<Entry<T>> retries;

    void add(T ticket, AppendAnswer.Done done, long deadlineNanos) {
        Entry<T> entry = new Entry<>(ticket, done, deadlineNanos);
        if (done.duplicate()) {
            retries = retries == null ? new ArrayDeque<>(2) : retries;
            retries.add(entry);
        } else {
            inOrder = inOrder == null ? new ArrayDeque<>(4) : inOrder;
            inOrder.add(entry);
        }
    }

    boolean isEmpty() {
        return (inOrder == null || inOrder.isEmpty()) && (retries == null || retries.isEmpty());
    }

    int size() {
        return (inOrder == null ? 0 : inOrder.size()) + (retries == null ? 0 : retries.size());
    }

    /** Answers all that the high watermark has passed; {@code enough} false: too few replicas hold it by now. */
    void passed(long highWatermark, boolean enough, List<LeaderEffect<T>> effects) {
        ArrayDeque<Entry<T>> first = inOrder;
        while (first != null && !first.isEmpty() && first.peek().done().lastOffset() < highWatermark) {
            effects.add(answer(first.remove(), enough));
        }
        ArrayDeque<Entry<T>> second = retries;
        if (second != null && !second.isEmpty()) {
            for (Iterator<Entry<T>> i = second.iterator(); i.hasNext(); ) {
                Entry<T> entry = i.next();
                if (entry.done().lastOffset() < highWatermark) {
                    i.remove();
                    effects.add(answer(entry, enough));
                }
            }
        }
    }

    void expired(long nowNanos, List<LeaderEffect<T>> effects) {
        expired(inOrder, nowNanos, effects);
        expired(retries, nowNanos, effects);
    }

    private void expired(@Nullable ArrayDeque<Entry<T>> queue, long nowNanos, List<LeaderEffect<T>> effects) {
        if (queue == null || queue.isEmpty()) {
            return;
        }
        for (Iterator<Entry<T>> i = queue.iterator(); i.hasNext(); ) {
            Entry<T> entry = i.next();
            if (entry.deadlineNanos() - nowNanos <= 0) {
                i.remove();
                effects.add(unknown(
                        entry,
                        Fault.OUTCOME_UNKNOWN,
                        "The records from offset " + entry.done().baseOffset()
                                + " are written, but were not acknowledged by all in time."));
            }
        }
    }

    /** Answers all with an unknown outcome. */
    void stopped(Fault fault, String detail, List<LeaderEffect<T>> effects) {
        if (inOrder != null) {
            inOrder.forEach(entry -> effects.add(unknown(entry, fault, detail)));
            inOrder = null;
        }
        if (retries != null) {
            retries.forEach(entry -> effects.add(unknown(entry, fault, detail)));
            retries = null;
        }
    }

    private LeaderEffect<T> answer(Entry<T> entry, boolean enough) {
        return enough
                ? new Answer<>(entry.ticket(), entry.done())
                : unknown(
                        entry,
                        Fault.NOT_ENOUGH_REPLICAS,
                        "The records from offset " + entry.done().baseOffset()
                                + " are written, but fewer replicas are in sync by now than the topic asks for.");
    }

    private LeaderEffect<T> unknown(Entry<T> entry, Fault fault, String detail) {
        return new Answer<>(entry.ticket(), new AppendAnswer.Unknown(fault, detail, Optional.of(entry.done())));
    }
}
