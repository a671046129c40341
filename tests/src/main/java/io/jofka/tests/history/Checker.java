package io.jofka.tests.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Judges a history by the final order of each partition. Pure: no clock, no I/O. The log gives the order, so no search
 * is needed; the cost is O(n log n).
 *
 * <p>Allowed, as in the Jepsen checker: duplicates of producers that are not idempotent, step-backs and skips between
 * two assignments of a reader, unknown records that turn up or do not.
 */
public final class Checker {
    private final Verdict verdict = new Verdict();
    private final History history;
    private final Map<Place, List<Event.Seen>> log;
    private final Map<RecordId, List<String>> finalPlaces = new HashMap<>();
    private final Map<Place, TreeMap<Long, RecordId>> byOffset = new HashMap<>();

    private Checker(History history, History.FinalLog log) {
        this.history = history;
        this.log = log.partitions();
    }

    /** The verdict over one run; {@code contiguous} says that the log was neither compacted nor trimmed. */
    public static Verdict check(History history, History.FinalLog log, boolean contiguous) {
        Checker checker = new Checker(history, log);
        checker.readFinalLog(contiguous);
        checker.judgeAcknowledgements();
        checker.judgeFinalLog();
        checker.judgeReads();
        return checker.verdict;
    }

    private void readFinalLog(boolean contiguous) {
        log.forEach((place, records) -> {
            TreeMap<Long, RecordId> offsets = byOffset.computeIfAbsent(place, any -> new TreeMap<>());
            long previous = -1;
            for (Event.Seen record : records) {
                if (record.offset() <= previous) {
                    verdict.found(
                            Anomaly.POLL_ORDER, "final read of " + place + " at " + record + " after " + previous);
                } else if (contiguous && previous >= 0 && record.offset() != previous + 1) {
                    verdict.found(Anomaly.POLL_SKIP, "final read of " + place + " from " + previous + " to " + record);
                }
                previous = Math.max(previous, record.offset());
                RecordId other = offsets.putIfAbsent(record.offset(), record.id());
                if (other != null && !other.equals(record.id())) {
                    verdict.found(
                            Anomaly.INCONSISTENT_OFFSET,
                            place + "@" + record.offset() + " " + other + " and " + record.id());
                }
                finalPlaces
                        .computeIfAbsent(record.id(), any -> new ArrayList<>())
                        .add(place + "@" + record.offset());
            }
        });
    }

    private void judgeAcknowledgements() {
        Map<Place, Map<Long, RecordId>> ackedAt = new HashMap<>();
        Map<String, Event.Acked> lastOfProducer = new HashMap<>();
        for (Event event : history.events()) {
            if (event instanceof Event.Stored(RecordId id) && !finalPlaces.containsKey(id)) {
                verdict.found(Anomaly.LOST_WRITE, event.toString());
            }
            if (!(event instanceof Event.Acked acked)) {
                continue;
            }
            RecordId other = ackedAt.computeIfAbsent(acked.place(), any -> new HashMap<>())
                    .putIfAbsent(acked.offset(), acked.id());
            if (other != null && !other.equals(acked.id())) {
                verdict.found(Anomaly.OFFSET_REUSE, acked + " and " + other);
            }
            Event.Acked last = lastOfProducer.get(acked.id().client() + " " + acked.place());
            if (last != null && acked.id().sequence() > last.id().sequence() && acked.offset() <= last.offset()) {
                verdict.found(Anomaly.OFFSET_REUSE, acked + " after " + last);
            }
            if (last == null || acked.id().sequence() > last.id().sequence()) {
                lastOfProducer.put(acked.id().client() + " " + acked.place(), acked);
            }
            if (!finalPlaces.containsKey(acked.id())) {
                verdict.found(Anomaly.LOST_WRITE, acked.toString());
            }
            RecordId there =
                    byOffset.getOrDefault(acked.place(), new TreeMap<>()).get(acked.offset());
            if (there != null && !there.equals(acked.id())) {
                verdict.found(Anomaly.INCONSISTENT_OFFSET, acked + " but the log has " + there);
            }
        }
    }

    private void judgeFinalLog() {
        Set<RecordId> sent = new HashSet<>();
        Set<RecordId> refused = new HashSet<>();
        for (Event event : history.events()) {
            switch (event) {
                case Event.Sent(RecordId id) -> sent.add(id);
                case Event.Refused(RecordId id) -> refused.add(id);
                case Event.Acked _, Event.Stored _, Event.Unknown _, Event.Polled _ -> {}
            }
        }
        finalPlaces.forEach((id, places) -> {
            if (!sent.contains(id)) {
                verdict.found(Anomaly.UNKNOWN_RECORD, id + " at " + places);
            }
            if (refused.contains(id)) {
                verdict.found(Anomaly.REFUSED_VISIBLE, id + " at " + places);
            }
            if (places.size() > 1 && history.isIdempotent(id.client())) {
                verdict.found(Anomaly.DUPLICATE, id + " at " + places);
            }
        });
        log.forEach(this::judgeSendOrder);
    }

    /** First appearances of a producer's records in one partition must rise; repeats of plain producers are allowed. */
    private void judgeSendOrder(Place place, List<Event.Seen> records) {
        Map<String, Long> highest = new HashMap<>();
        Set<RecordId> known = new HashSet<>();
        for (Event.Seen record : records) {
            if (!known.add(record.id())) {
                continue;
            }
            Long before = highest.get(record.id().client());
            if (before != null && record.id().sequence() < before) {
                verdict.found(
                        Anomaly.SEND_ORDER, place + "@" + record.offset() + " " + record.id() + " after #" + before);
            } else {
                highest.put(record.id().client(), record.id().sequence());
            }
        }
    }

    private void judgeReads() {
        Map<String, Long> lastOffset = new HashMap<>();
        Map<Place, Map<Long, RecordId>> seenAt = new HashMap<>();
        for (Event event : history.events()) {
            if (event instanceof Event.Polled polled) {
                String assignment = polled.reader() + " " + polled.assignment() + " " + polled.place();
                for (Event.Seen record : polled.records()) {
                    judgeStep(polled, record, lastOffset.get(assignment));
                    lastOffset.put(assignment, record.offset());
                    RecordId other = seenAt.computeIfAbsent(polled.place(), any -> new HashMap<>())
                            .putIfAbsent(record.offset(), record.id());
                    judgeContent(polled.place(), record, other);
                }
            }
        }
    }

    private void judgeStep(Event.Polled polled, Event.Seen record, @org.jspecify.annotations.Nullable Long before) {
        if (before == null) {
            return;
        }
        if (record.offset() <= before) {
            verdict.found(
                    Anomaly.POLL_ORDER, polled.reader() + " " + polled.place() + " " + record + " after " + before);
            return;
        }
        TreeMap<Long, RecordId> offsets = byOffset.getOrDefault(polled.place(), new TreeMap<>());
        Long next = offsets.higherKey(before);
        if (next != null && next < record.offset()) {
            verdict.found(
                    Anomaly.POLL_SKIP,
                    polled.reader() + " " + polled.place() + " from " + before + " to " + record + " over "
                            + new TreeSet<>(offsets.subMap(before, false, record.offset(), false)
                                            .keySet())
                                    .first());
        }
    }

    private void judgeContent(Place place, Event.Seen record, @org.jspecify.annotations.Nullable RecordId other) {
        if (other != null && !other.equals(record.id())) {
            verdict.found(
                    Anomaly.INCONSISTENT_OFFSET, place + "@" + record.offset() + " " + other + " and " + record.id());
        }
        RecordId there = byOffset.getOrDefault(place, new TreeMap<>()).get(record.offset());
        if (there == null) {
            verdict.found(Anomaly.VANISHED_READ, place + " " + record);
        } else if (!there.equals(record.id())) {
            verdict.found(Anomaly.INCONSISTENT_OFFSET, place + " read " + record + " but the log has " + there);
        }
    }
}
