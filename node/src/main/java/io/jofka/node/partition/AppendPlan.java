package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided and is not yet written: the producers as they will be, and the answers that will be given. Dropping
 * the plan undoes all of it, so a full disk leaves no trace in the machine.
 */
final class AppendPlan<T> {
    /**
     * One accepted append: its batches as they will be in the log (none for the retry of a batch of this same plan), its
     * producer as it will be, and the transaction that it ends.
     */
    record Item<T>(
            T ticket,
            List<BatchHeader> batches,
            LeaderEvent.Ack ack,
            AppendAnswer.Done done,
            long deadlineNanos,
            @Nullable ProducerEntry producer,
            @Nullable EndedTransaction ended) {}

    private final List<Item<T>> items = new ArrayList<>(2);
    private Map<Long, ProducerEntry> producers = Map.of();

    boolean isEmpty() {
        return items.isEmpty();
    }

    List<Item<T>> items() {
        return items;
    }

    void add(Item<T> item) {
        items.add(item);
        ProducerEntry entry = item.producer();
        if (entry != null) {
            if (producers.isEmpty()) {
                producers = new HashMap<>(4);
            }
            producers.put(entry.producerId(), entry);
        }
    }

    /** The producer as it will be when the plan is written. */
    @Nullable
    ProducerEntry producer(long id, ProducerState written) {
        ProducerEntry planned = producers.isEmpty() ? null : producers.get(id);
        return planned == null ? written.entry(id) : planned;
    }

    void clear() {
        items.clear();
        producers = Map.of();
    }
}
