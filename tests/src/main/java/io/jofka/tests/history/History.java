package io.jofka.tests.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of a run saw. Thread-safe while it is written. */
public final class History {
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final Set<String> idempotent = ConcurrentHashMap.newKeySet();
    private final LongAdder acked = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final Pace pace = new Pace();

    public void add(Event event) {
        events.add(event);
        switch (event) {
            case Event.Acked(RecordId id, Place _, long _) -> acknowledged(id);
            case Event.Stored(RecordId id) -> acknowledged(id);
            case Event.Refused _ -> refused.increment();
            case Event.Unknown _ -> unknown.increment();
            case Event.Sent _, Event.Polled _ -> {}
        }
    }

    private void acknowledged(RecordId id) {
        acked.increment();
        pace.acknowledged(id.client(), System.nanoTime());
    }

    /** Declares a producer that retries without making duplicates. */
    public void idempotent(String client) {
        idempotent.add(client);
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    public boolean isIdempotent(String client) {
        return idempotent.contains(client);
    }

    /** How many records were acknowledged. */
    public long acked() {
        return acked.sum();
    }

    /** How many records were certainly not taken. */
    public long refused() {
        return refused.sum();
    }

    /** How many records nobody knows about. */
    public long unknown() {
        return unknown.sum();
    }

    /** When acknowledgements came. */
    public Pace pace() {
        return pace;
    }

    /** What is in each partition at the end, by offset; a compacted or trimmed log has gaps. */
    public static final class FinalLog {
        private final TreeMap<Place, List<Event.Seen>> partitions = new TreeMap<>();

        public void add(Place place, List<Event.Seen> records) {
            partitions.computeIfAbsent(place, any -> new ArrayList<>()).addAll(records);
        }

        public Map<Place, List<Event.Seen>> partitions() {
            return Collections.unmodifiableMap(partitions);
        }

        public long size() {
            return partitions.values().stream().mapToLong(List::size).sum();
        }
    }
}
