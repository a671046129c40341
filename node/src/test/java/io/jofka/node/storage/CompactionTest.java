package io.jofka.node.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.sim.PowerCut;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompactionTest {
    private static final LogConfig COMPACTED =
            new LogConfig(2_000, 3_600_000, 256, -1, -1, false, true, 1_000, 0, Long.MAX_VALUE, 0.1, 86_400_000);

    private final LogKit kit = new LogKit();
    private LogDirectory directory = kit.open();
    private Log log = LogKit.log(directory, COMPACTED);

    @Test
    void lastValueOfEachKeyStaysAtItsOffset() {
        for (int i = 0; i < 200; i++) {
            LogKit.append(log, LogKit.keyed(i, i, "k" + i % 7, "v" + i));
        }
        long before = log.sizeBytes();
        long freed = log.compact(1_000, 200);
        assertThat(freed, greaterThan(before / 2));
        assertThat(log.sizeBytes(), is(before - freed));
        assertThat(log.logEndOffset(), is(200L));
        TreeMap<String, String> last = new TreeMap<>();
        LogKit.records(log, 0, 200, 1 << 20).forEach(record -> {
            assertThat("v" + record.offset(), equalTo(LogKit.text(record.value())));
            last.put(LogKit.text(record.key()), LogKit.text(record.value()));
        });
        for (int key = 0; key < 7; key++) {
            assertThat(last.get("k" + key), equalTo("v" + (199 - (199 - key) % 7)));
        }
        assertThat("nothing is dirty any more", log.compact(1_000, 200), is(0L));
    }

    @Test
    void activeSegmentAndWhatIsAboveTheHighWatermarkStay() {
        for (int i = 0; i < 100; i++) {
            LogKit.append(log, LogKit.keyed(i, i, "k", "v" + i));
        }
        log.compact(1_000, 50);
        List<LogRecord> records = LogKit.records(log, 0, 100, 1 << 20);
        assertThat(records.stream().filter(record -> record.offset() >= 50).toList(), hasSize(50));
        assertThat(records, hasSize(lessThan(100)));
    }

    @Test
    void youngSegmentsWaitForTheMinimumLag() {
        log.configure(
                new LogConfig(2_000, 3_600_000, 256, -1, -1, false, true, 1_000, 500, Long.MAX_VALUE, 0.1, 86_400_000));
        for (int i = 0; i < 100; i++) {
            LogKit.append(log, LogKit.keyed(i, 1_000 + i, "k", "v" + i));
        }
        assertThat(log.compact(1_400, 100), is(0L));
        assertThat(log.compact(1_700, 100), greaterThan(0L));
    }

    @Test
    void littleDirtWaitsForTheRatioOrTheMaximumLag() {
        log.configure(new LogConfig(2_000, 3_600_000, 256, -1, -1, false, true, 1_000, 0, 10_000, 0.9, 86_400_000));
        for (int i = 0; i < 100; i++) {
            LogKit.append(log, LogKit.keyed(i, 1_000 + i, "k" + i, "v" + i));
        }
        log.compact(2_000, 100);
        for (int i = 100; i < 150; i++) {
            LogKit.append(log, LogKit.keyed(i, 2_000 + i, "k" + i % 10, "v" + i));
        }
        assertThat(log.compact(3_000, 150), is(0L));
        assertThat(log.compact(20_000, 150), greaterThan(0L));
    }

    @Test
    void tombstoneStaysForItsRetentionAndThenGoes() {
        LogKit.append(log, LogKit.keyed(0, 1, "k", "v"));
        LogKit.append(log, LogKit.keyed(1, 1, "k", null));
        roll();
        log.compact(10_000, log.logEndOffset());
        assertThat(offsetsOf("k"), contains(1L));
        makeDirty();
        log.compact(10_900, log.logEndOffset());
        assertThat("before its horizon", offsetsOf("k"), contains(1L));
        makeDirty();
        log.compact(11_100, log.logEndOffset());
        assertThat("after its horizon", offsetsOf("k"), hasSize(0));
    }

    @Test
    void abortedRecordsGoAndTheirMarkerFollows() {
        LogKit.append(log, LogKit.keyed(0, 1, "k", "before"));
        LogKit.append(log, transactional(1, 77, "k", "aborted"));
        LogKit.append(log, new ControlRecord(ControlRecord.Outcome.ABORT, 0).toBatch(2, 0, 77, (short) 0, 1));
        log.addAborted(new AbortedTransaction(77, 1, 2, 3));
        LogKit.append(log, transactional(3, 78, "c", "committed"));
        LogKit.append(log, new ControlRecord(ControlRecord.Outcome.COMMIT, 0).toBatch(4, 0, 78, (short) 0, 1));
        roll();
        long later = 100_000_000;
        log.compact(later, log.logEndOffset());
        assertThat("the value before the abort is the last one", offsetsOf("k"), contains(0L));
        assertThat(bases(), contains(0L, 2L, 3L, 4L));
        makeDirty();
        log.compact(later + 2_000, log.logEndOffset());
        assertThat("the abort marker had no record left", bases(), contains(0L, 3L, 4L));
    }

    @Test
    void damagedBatchIsReportedAndNotMadeGoodByWritingItAnew() {
        for (int i = 0; i < 100; i++) {
            LogKit.append(log, LogKit.keyed(i, i, "k" + i, "v" + i));
        }
        LogKit.append(log, LogKit.keyed(100, 100, "k0", "newer"));
        roll();
        long size = kit.disk.size(LogKit.segment(0));
        kit.disk.flipBit(LogKit.segment(0), size - 3, 1);
        try {
            log.compact(1_000, log.logEndOffset());
            throw new AssertionError("damage was compacted");
        } catch (StorageFailure failure) {
            assertThat(failure.scope(), is(StorageFailure.Scope.PARTITION));
            assertThat(failure.getMessage(), containsString("The CRC of the batch at offset"));
        }
        assertThat("the segment is as it was", kit.disk.size(LogKit.segment(0)), is(size));
    }

    @Test
    void onlySoManyProducersAreRememberedTheNewestOnes() {
        int most = (64 << 10) / 128;
        kit.config = withMapBytes(64 << 10);
        directory.close();
        directory = kit.open();
        log = LogKit.log(directory, COMPACTED);
        for (int i = 0; i < most + 50; i++) {
            LogKit.append(log, idempotent(i, i, 0, "k", "v"));
        }
        roll();
        log.compact(2_000, log.logEndOffset());
        List<Long> producers = new ArrayList<>();
        log.scan(0, header -> header.hasProducerId() ? producers.add(header.producerId()) : true);
        assertThat(producers, hasSize(most));
        assertThat(producers.getFirst(), is(50L));
    }

    private static StorageConfig withMapBytes(int mapBytes) {
        StorageConfig d = StorageConfig.simulated();
        return new StorageConfig(
                d.maxOpenFiles(),
                d.indexCacheBytes(),
                d.forceThreads(),
                d.checkpointMs(),
                d.flushMs(),
                d.inlineSnapshotBytes(),
                mapBytes,
                d.maxInflatedBytes());
    }

    @Test
    void newestBatchOfALiveProducerStaysWithoutItsRecords() {
        LogKit.append(log, idempotent(0, 5, 0, "k", "old"));
        LogKit.append(log, LogKit.keyed(1, 1_000, "k", "new"));
        roll();
        log.compact(2_000, log.logEndOffset());
        assertThat(offsetsOf("k"), contains(1L));
        List<BatchHeader> headers = new ArrayList<>();
        log.scan(0, headers::add);
        assertThat(headers.getFirst().producerId(), is(5L));
        assertThat(headers.getFirst().recordCount(), is(0));
        makeDirty();
        log.compact(2_000 + 86_400_001, log.logEndOffset());
        assertThat("after its expiry", bases().getFirst(), is(1L));
    }

    @Test
    void mapThatIsTooSmallCleansInSeveralPasses() {
        kit.config = new StorageConfig(64, 1 << 20, 0, 0, 30_000, 1 << 10, 64 << 10, 1 << 20);
        directory.close();
        directory = kit.open();
        log = LogKit.log(directory, COMPACTED);
        int keys = 3_000;
        for (int i = 0; i < 2 * keys; i++) {
            LogKit.append(log, LogKit.keyed(i, i, "k" + i % keys, "v" + i));
        }
        for (int pass = 0; pass < 8; pass++) {
            log.compact(100_000, 2L * keys);
            checkLastValues(2 * keys, keys);
        }
        long below = LogKit.records(log, 0, keys, 1 << 20).size();
        assertThat("all but the keys whose last value is in the active segment are gone", below, lessThan(200L));
        checkLastValues(2 * keys, keys);
    }

    @Test
    void crashAtAnyPointLeavesTheOldSegmentsOrTheNew() {
        SplittableRandom random = new SplittableRandom(11);
        boolean finished = false;
        for (int cutAt = 1; !finished; cutAt++) {
            LogKit fresh = new LogKit();
            LogDirectory first = fresh.open();
            Log victim = LogKit.log(first, COMPACTED);
            TreeMap<String, String> model = new TreeMap<>();
            for (int i = 0; i < 120; i++) {
                String key = "k" + random.nextInt(9);
                LogKit.append(victim, LogKit.keyed(i, i, key, "v" + i));
                model.put(key, "v" + i);
            }
            victim.force();
            if (random.nextBoolean()) {
                first.checkpoint();
            }
            fresh.disk.cutPowerAt(cutAt);
            try {
                victim.compact(1_000, 120);
                finished = true;
            } catch (PowerCut cut) {
                assertThat(cut.getMessage(), is(cut.getMessage()));
            }
            fresh.disk.heal();
            fresh.disk.crash(random.nextLong());
            LogDirectory second = fresh.open();
            assertThat("cut at " + cutAt + " " + second.list() + second.missing(), second.list(), hasSize(1));
            Log recovered = LogKit.log(second, COMPACTED);
            assertThat(
                    "cut at " + cutAt + " " + recovered.recovery(),
                    recovered.recovery().damagedAt(),
                    is(-1L));
            assertThat(
                    "cut at " + cutAt + " " + recovered.recovery() + fresh.disk.list(LogKit.file("")),
                    recovered.logEndOffset(),
                    is(120L));
            TreeMap<String, String> found = new TreeMap<>();
            LogKit.records(recovered, 0, 120, 300)
                    .forEach(record -> found.put(LogKit.text(record.key()), LogKit.text(record.value())));
            assertThat("cut at " + cutAt, found, equalTo(model));
            recovered.compact(2_000, 120);
            assertThat(recovered.logEndOffset(), is(120L));
        }
    }

    private void checkLastValues(int end, int keys) {
        TreeMap<String, String> found = new TreeMap<>();
        LogKit.records(log, 0, end, 1 << 20)
                .forEach(record -> found.put(LogKit.text(record.key()), LogKit.text(record.value())));
        assertThat(found.size(), is(keys));
        for (int key = 0; key < keys; key++) {
            assertThat(found.get("k" + key), equalTo("v" + (end - keys + key)));
        }
    }

    private static ByteBuffer transactional(long offset, long producer, String key, String value) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1)
                .producer(producer, (short) 0, 0)
                .transactional();
        builder.append(1, LogKit.bytes(key), LogKit.bytes(value), List.of());
        return builder.build(offset, 0);
    }

    private static ByteBuffer idempotent(long offset, long producer, int sequence, String key, String value) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1).producer(producer, (short) 0, sequence);
        builder.append(1_000, LogKit.bytes(key), LogKit.bytes(value), List.of());
        return builder.build(offset, 0);
    }

    /** Fills segments with other keys until what came before is in closed ones. */
    private void roll() {
        int segments = log.segments().size();
        while (log.segments().size() < segments + 2) {
            LogKit.append(log, LogKit.keyed(log.logEndOffset(), 1, "filler" + log.logEndOffset(), "x".repeat(500)));
        }
    }

    private void makeDirty() {
        roll();
    }

    private List<Long> offsetsOf(String key) {
        return LogKit.records(log, 0, log.logEndOffset(), 1 << 20).stream()
                .filter(record -> LogKit.text(record.key()).equals(key))
                .map(LogRecord::offset)
                .toList();
    }

    /** Base offsets of the batches without those of the fillers. */
    private List<Long> bases() {
        List<Long> bases = new ArrayList<>();
        log.scan(0, header -> {
            if (header.sizeBytes() < 500) {
                bases.add(header.baseOffset());
            }
            return true;
        });
        return bases;
    }
}
