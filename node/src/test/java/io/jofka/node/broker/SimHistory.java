package io.jofka.node.broker;

import com.google.errorprone.annotations.FormatMethod;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.LogSlice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients of one partition were told, and whether what can be read agrees with it. Every value is unique, so a value
 * stands for one send. A disagreement is an {@link AssertionError} that names the anomaly of reliability.md.
 */
final class SimHistory {
    /** Acknowledged and durable as the topic promises: offset to value. */
    private final TreeMap<Long, String> acked = new TreeMap<>();
    /** Everything that a reader was ever shown: offset to value. */
    private final TreeMap<Long, String> seen = new TreeMap<>();

    private final Set<String> refused = new HashSet<>();
    private final Map<String, Boolean> transactions = new HashMap<>();
    private long highestStart;
    private long highWatermark;
    private long lastStable;
    private long deletedBefore;
    private boolean retention;

    /** Values that belong to transactions, by how these ended; open ones are absent. */
    void transactionEnded(List<String> values, boolean committed) {
        values.forEach(value -> transactions.put(value, committed));
    }

    void acked(long baseOffset, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            String before = acked.put(baseOffset + i, values.get(i));
            check(
                    before == null || before.equals(values.get(i)),
                    "A8 offset %s given twice: %s, %s",
                    baseOffset + i,
                    before,
                    values.get(i));
        }
    }

    void refused(List<String> values) {
        refused.addAll(values);
    }

    /** It was sent again: that a former try was refused says nothing any more. */
    void sentAgain(List<String> values) {
        refused.removeAll(values);
    }

    void deleteAsked(long beforeOffset) {
        deletedBefore = Math.max(deletedBefore, beforeOffset);
    }

    void retentionRan() {
        retention = true;
    }

    /** A new process: positions may start lower again, but what was acknowledged is readable from the first moment. */
    void restarted(PartitionOffsets offsets) {
        long promised = acked.isEmpty() ? 0 : Math.min(acked.lastKey() + 1, offsets.logEndOffset());
        check(offsets.highWatermark() >= promised, "A2 acknowledged up to %s, not readable: %s", promised, offsets);
        highWatermark = 0;
        lastStable = 0;
    }

    /** A power cut of a topic that promises only the page cache: what is left is the truth from now on. */
    void mayHaveLost(long logEnd) {
        acked.tailMap(logEnd, true).clear();
        seen.tailMap(logEnd, true).clear();
    }

    /** Compares the positions and all readable records with what was promised. */
    void verify(Log log, PartitionOffsets offsets) {
        check(offsets.highWatermark() >= highWatermark, "high watermark fell from %s to %s", highWatermark, offsets);
        check(offsets.lastStableOffset() >= lastStable, "last stable offset fell from %s to %s", lastStable, offsets);
        check(offsets.lastStableOffset() <= offsets.highWatermark(), "last stable above high watermark: %s", offsets);
        check(offsets.highWatermark() <= offsets.logEndOffset(), "high watermark above log end: %s", offsets);
        check(
                offsets.logStartOffset() >= highestStart || retention || deletedBefore == 0,
                "log start fell: %s",
                offsets);
        check(
                retention || offsets.logStartOffset() <= deletedBefore,
                "log starts at %s, deletion was asked only up to %s",
                offsets.logStartOffset(),
                deletedBefore);
        highWatermark = offsets.highWatermark();
        lastStable = offsets.lastStableOffset();
        highestStart = Math.max(highestStart, offsets.logStartOffset());
        Map<Long, String> found = read(log, offsets.logStartOffset(), offsets.highWatermark());
        compare("A1/A2 acknowledged", acked, found, offsets);
        compare("A12 shown before", seen, found, offsets);
        Set<String> unique = new HashSet<>();
        for (String value : found.values()) {
            check(unique.add(value), "A9 %s is in the log twice", value);
            check(!refused.contains(value), "A11 %s was refused and is in the log", value);
        }
        seen.putAll(found);
        verifyCommitted(log, offsets, found);
    }

    /** A reader of committed records sees all of committed transactions and nothing of aborted or open ones. */
    private void verifyCommitted(Log log, PartitionOffsets offsets, Map<Long, String> found) {
        long end = offsets.lastStableOffset();
        List<AbortedTransaction> aborted = log.abortedIn(offsets.logStartOffset(), end);
        Set<Long> hidden = new HashSet<>();
        walk(log, offsets.logStartOffset(), end, (reader, record) -> {
            if (reader.header().isTransactional() && !reader.header().isControl()) {
                for (AbortedTransaction transaction : aborted) {
                    if (transaction.producerId() == reader.header().producerId()
                            && record.offset() >= transaction.firstOffset()
                            && record.offset() <= transaction.lastOffset()) {
                        hidden.add(record.offset());
                    }
                }
                String value = Objects.requireNonNull(found.get(record.offset()));
                Boolean committed = transactions.get(value);
                check(committed != null, "G1a %s of an open transaction is below the last stable offset", value);
                check(
                        committed == null || committed != hidden.contains(record.offset()),
                        "G1a %s committed=%s but hidden=%s",
                        value,
                        committed,
                        hidden.contains(record.offset()));
            }
        });
    }

    private static void compare(
            String what, NavigableMap<Long, String> promised, Map<Long, String> found, PartitionOffsets offsets) {
        promised.headMap(offsets.logStartOffset(), false).clear();
        promised.forEach((offset, value) -> {
            if (offset < offsets.highWatermark()) {
                check(
                        value.equals(found.get(offset)),
                        "%s: %s at %s, found %s",
                        what,
                        value,
                        offset,
                        found.get(offset));
            } else {
                check(
                        false,
                        "%s: %s at %s is above the high watermark %s",
                        what,
                        value,
                        offset,
                        offsets.highWatermark());
            }
        });
    }

    private static Map<Long, String> read(Log log, long from, long end) {
        TreeMap<Long, String> found = new TreeMap<>();
        walk(log, from, end, (reader, record) -> {
            if (!reader.header().isControl()) {
                found.put(record.offset(), text(record));
            } else {
                check(ControlRecord.parse(record).isPresent(), "unreadable marker at %s", record.offset());
            }
        });
        return found;
    }

    /** Reads slice by slice and holds that offsets are contiguous. */
    private static void walk(Log log, long from, long end, Visitor visitor) {
        long next = from;
        while (next < end) {
            try (LogSlice slice = log.read(next, 512, end, true)) {
                check(!slice.isEmpty(), "A13 nothing at %s although the end is %s", next, end);
                long expected = -1;
                for (BatchReader reader : BatchSequence.of(slice.toBuffer(), InflationLimits.defaults())) {
                    check(
                            expected < 0 || reader.header().baseOffset() == expected,
                            "A13 gap before %s",
                            reader.header().baseOffset());
                    expected = reader.header().nextOffset();
                    for (LogRecord record : reader) {
                        if (record.offset() >= from) {
                            visitor.record(reader, record);
                        }
                    }
                }
                check(
                        expected == slice.nextOffset() && expected > next,
                        "slice ends at %s, not %s",
                        expected,
                        slice.nextOffset());
                next = expected;
            }
        }
    }

    private static String text(LogRecord record) {
        return StandardCharsets.UTF_8
                .decode(Objects.requireNonNull(record.value()).duplicate())
                .toString();
    }

    @FormatMethod
    static void check(boolean holds, String message, @Nullable Object... arguments) {
        if (!holds) {
            throw new AssertionError(String.format(message, arguments));
        }
    }

    List<String> ackedValues() {
        return new ArrayList<>(acked.values());
    }

    private interface Visitor {
        void record(BatchReader batch, LogRecord record);
    }
}
