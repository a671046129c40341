package io.jofka.tests.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the clients of a run saw. Thread-safe while it is written. */
public final class History {
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final Set<String> idempotent = ConcurrentHashMap.newKeySet();

    public void add(Event event) {
        events.add(event);
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
        return events.stream().filter(Event.Acked.class::isInstance).count();
    }

    /** How many records nobody knows about. */
    public long unknown() {
        return events.stream().filter(Event.Unknown.class::isInstance).count();
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
