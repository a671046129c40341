package io.jofka.node.rest.data.read;

import io.jofka.api.batch.BatchHeader;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which batches of one fetched range belong to aborted transactions (KIP-98, as Kafka's consumer does it). Asked
 * for every batch in the order of offsets. Not thread-safe.
 */
final class AbortedFilter {
    private final List<AbortedTransaction> waiting;
    private final Set<Long> aborting = new HashSet<>(0);
    private int next;

    AbortedFilter(List<AbortedTransaction> aborted) {
        if (aborted.size() > 1) {
            waiting = new ArrayList<>(aborted);
            waiting.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        } else {
            waiting = aborted;
        }
    }

    /** {@code abortMarker}: the batch is the marker that ends an aborted transaction. */
    boolean hides(BatchHeader batch, boolean abortMarker) {
        while (next < waiting.size() && waiting.get(next).firstOffset() <= batch.lastOffset()) {
            aborting.add(waiting.get(next).producerId());
            next++;
        }
        if (abortMarker) {
            aborting.remove(batch.producerId());
            return true;
        }
        return batch.isTransactional() && aborting.contains(batch.producerId());
    }
}
