package io.jofka.node.consensus;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Appends that wait for their commit, by the index of their last record. Thread-safe; futures complete outside the lock.
 */
final class Waiting {
    private final TreeMap<Long, Append> byIndex = new TreeMap<>();

    private record Append(int term, CompletableFuture<Long> done) {}

    /** Appends by {@code append} and registers under the index it answers, so that the commit cannot overtake. */
    synchronized CompletableFuture<Long> append(int term, LongSupplier append) {
        long index = append.getAsLong();
        CompletableFuture<Long> done = new CompletableFuture<>();
        byIndex.put(index, new Append(term, done));
        return done;
    }

    /** Everything up to {@code index} is committed by {@code term}. */
    void committed(long index, int term) {
        TreeMap<Long, Append> ready = new TreeMap<>();
        synchronized (this) {
            Map<Long, Append> head = byIndex.headMap(index, true);
            ready.putAll(head);
            head.clear();
        }
        ready.forEach((at, append) -> {
            if (append.term == term) {
                append.done.complete(at);
            } else {
                append.done.completeExceptionally(new MetadataLog.OutcomeUnknown(
                        "another leader wrote at index " + at + "; the change was dropped"));
            }
        });
    }

    /** No append of a term below {@code term} is awaited any longer. */
    void lost(int term, String why) {
        TreeMap<Long, Append> lost = new TreeMap<>();
        synchronized (this) {
            Iterator<Map.Entry<Long, Append>> entries = byIndex.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<Long, Append> entry = entries.next();
                if (entry.getValue().term < term) {
                    lost.put(entry.getKey(), entry.getValue());
                    entries.remove();
                }
            }
        }
        lost.values().forEach(append -> append.done.completeExceptionally(new MetadataLog.OutcomeUnknown(why)));
    }
}
