package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All producers that a partition remembers: a function of its log (KIP-98), rebuilt by {@link #replay} on leaders,
 * followers and at start. Only expiry and the limit depend on this node. Owned by the partition's owner; not thread-safe.
 * Takes no memory for maps before the first producer.
 */
public final class ProducerState {
    /** Share of the entries that go at once when the limit is reached, so that the sweep is paid for rarely. */
    private static final int SWEEP_SHARE = 16;

    private final int maxProducers;
    private Map<Long, ProducerEntry> entries = Map.of();
    /** First offset of each open transaction, with its producer. */
    private final Map<Long, Long> noTransactions = Map.of();

    private @Nullable TreeMap<Long, Long> open;

    /** @param maxProducers how many are remembered; beyond that the ones not seen for longest are forgotten */
    public ProducerState(int maxProducers) {
        this.maxProducers = maxProducers;
    }

    public @Nullable ProducerEntry entry(long producerId) {
        return entries.get(producerId);
    }

    public Collection<ProducerEntry> entries() {
        return List.copyOf(entries.values());
    }

    public int size() {
        return entries.size();
    }

    /** Open transactions by their first offset. */
    Map<Long, Long> openTransactions() {
        TreeMap<Long, Long> transactions = open;
        return transactions == null ? noTransactions : transactions;
    }

    /** Smallest first offset of an open transaction; {@link Long#MAX_VALUE} when none is open. */
    public long firstOpenTransaction() {
        TreeMap<Long, Long> transactions = open;
        return transactions == null || transactions.isEmpty() ? Long.MAX_VALUE : transactions.firstKey();
    }

    /**
     * Takes in a batch of the log, in log order. Nothing is judged: what is in the log counts.
     *
     * @param marker the marker in a control batch; empty for data and for other control records
     * @param nowMs wall time from which expiry counts
     * @return the transaction that the marker closed
     */
    public Optional<EndedTransaction> replay(BatchHeader header, Optional<ControlRecord> marker, long nowMs) {
        if (!header.hasProducerId()) {
            return Optional.empty();
        }
        ProducerEntry before = entries.get(header.producerId());
        ProducerEntry known =
                before == null ? ProducerEntry.fresh(header.producerId(), header.producerEpoch()) : before;
        if (!header.isControl()) {
            put(known.appended(header, nowMs));
            return Optional.empty();
        }
        if (marker.isEmpty()) {
            return Optional.empty();
        }
        put(known.ended(header, marker.get().coordinatorEpoch(), nowMs));
        return known.openTransactionStart() < 0
                ? Optional.empty()
                : Optional.of(new EndedTransaction(
                        header.producerId(),
                        known.openTransactionStart(),
                        header.lastOffset(),
                        marker.get().outcome() == ControlRecord.Outcome.ABORT));
    }

    /** Replaces the entry of a producer. */
    void put(ProducerEntry entry) {
        if (entries.isEmpty()) {
            entries = new HashMap<>();
        }
        ProducerEntry before = entries.put(entry.producerId(), entry);
        long was = before == null ? -1 : before.openTransactionStart();
        long is = entry.openTransactionStart();
        if (was != is) {
            if (open == null) {
                open = new TreeMap<>();
            }
            if (was >= 0) {
                open.remove(was);
            }
            if (is >= 0) {
                open.put(is, entry.producerId());
            }
        }
        if (entries.size() > maxProducers) {
            sweep();
        }
    }

    /** Forgets producers not seen for {@code expiryMs} that have no open transaction; returns how many. */
    public int expire(long nowMs, long expiryMs) {
        int before = entries.size();
        if (before == 0) {
            return 0;
        }
        for (Iterator<ProducerEntry> i = entries.values().iterator(); i.hasNext(); ) {
            ProducerEntry entry = i.next();
            if (entry.openTransactionStart() < 0 && nowMs - entry.lastSeenMs() >= expiryMs) {
                i.remove();
            }
        }
        int gone = before - entries.size();
        if (entries.isEmpty()) {
            entries = Map.of();
        }
        return gone;
    }

    /** Forgets the sixteenth not seen for longest, so that a flood of producer ids cannot take all memory. */
    private void sweep() {
        List<ProducerEntry> idle = entries.values().stream()
                .filter(e -> e.openTransactionStart() < 0)
                .sorted(Comparator.comparingLong(ProducerEntry::lastSeenMs)
                        .thenComparingLong(ProducerEntry::lastOffset))
                .toList();
        int most = Math.min(idle.size(), Math.max(1, maxProducers / SWEEP_SHARE));
        for (ProducerEntry entry : idle.subList(0, most)) {
            entries.remove(entry.producerId());
        }
    }
}
