package io.jofka.node.storage;

import static io.jofka.node.storage.LogKit.append;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What recovery says of damage that no power cut makes, and of the holes that one does. */
class RecoveryTest {
    private static final int BATCH = LogKit.batch(0, 0, 0, value(0)).remaining();
    private static final LogConfig ONE_SEGMENT = config(1 << 20);
    private static final LogConfig TEN_BATCHES = config(10 * BATCH);

    private final LogKit kit = new LogKit();
    private LogDirectory directory = kit.open();

    private static LogConfig config(int segmentBytes) {
        return new LogConfig(
                segmentBytes, 3_600_000, 256, -1, -1, true, false, 86_400_000, 0, Long.MAX_VALUE, 0.5, 86_400_000);
    }

    /** Of one size, and without a run of zeros. */
    private static String value(int i) {
        return "%05d".formatted(i) + "abcdefghij".repeat(150);
    }

    private Log fill(LogConfig config, int count) {
        Log log = LogKit.log(directory, config);
        for (int i = 0; i < count; i++) {
            append(log, 0, i, value(i));
        }
        return log;
    }

    private static List<String> values(int from, int to) {
        List<String> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(value(i));
        }
        return values;
    }

    private Log killAndOpen(LogConfig config) {
        kit.disk.kill();
        directory = kit.open();
        return LogKit.log(directory, config);
    }

    private void assertDamaged(Log log, long offset, String detail) {
        assertThat(log.recovery().detail(), containsString(detail));
        assertThat(log.recovery().damagedAt(), is(offset));
        assertThat(log.recovery().cutBytes(), is(0L));
        assertThat(log.logEndOffset(), is(offset));
        assertThat(kit.events, hasItem("log.damaged"));
        try {
            append(log, 0, 1, "more");
        } catch (StorageFailure refused) {
            assertThat(refused.getMessage(), containsString("takes no records until it is truncated"));
            return;
        }
        throw new AssertionError("a damaged log took a record");
    }

    @Test
    void flippedBitInAForcedSegmentIsReportedAndNothingIsCut() throws IOException {
        fill(TEN_BATCHES, 45).force();
        directory.checkpoint();
        kit.disk.kill();
        kit.disk.flipBit(LogKit.segment(20), 3L * BATCH + 70, 2);
        kit.disk.flipBit(LogKit.index(20), 20, 2);
        damage(LogKit.ROOT.resolve("checkpoint"));
        Log log = killAndOpen(TEN_BATCHES);
        assertDamaged(log, 23, "no good batch at position " + 3 * BATCH + " of the segment of 20");
        assertThat(LogKit.values(log), equalTo(values(0, 23)));
        assertThat(kit.disk.size(LogKit.segment(20)), is(10L * BATCH));
        assertThat(kit.disk.size(LogKit.segment(40)), is(5L * BATCH));
    }

    private void damage(Path file) {
        kit.disk.flipBit(file, 20, 1);
    }

    @Test
    void indexesThatHadToBeMadeAnewAreCounted() throws IOException {
        fill(TEN_BATCHES, 45).force();
        kit.disk.kill();
        damage(LogKit.index(10));
        kit.disk.deleteIfExists(LogKit.index(30));
        Log log = killAndOpen(TEN_BATCHES);
        assertThat(log.recovery().rebuiltIndexes(), is(2));
        assertThat(LogKit.values(log), equalTo(values(0, 45)));
    }

    @Test
    void forcedFileThatWasCutIsReportedAlsoAtEveryLaterStart() {
        fill(ONE_SEGMENT, 40).force();
        directory.checkpoint();
        kit.disk.kill();
        kit.disk.cutFile(LogKit.segment(0), 30L * BATCH + 100);
        assertDamaged(killAndOpen(ONE_SEGMENT), 30, "below the forced offset 40");
        directory.checkpoint();
        assertThat(killAndOpen(ONE_SEGMENT).recovery().damagedAt(), is(30L));
        directory.checkpoint();
        directory.close();
        directory = kit.open();
        assertThat(LogKit.log(directory, ONE_SEGMENT).recovery().damagedAt(), is(30L));
        assertThat(killAndOpen(ONE_SEGMENT).recovery().damagedAt(), is(30L));
    }

    @Test
    void damagedLogServesAgainAfterItWasTruncatedThere() {
        fill(ONE_SEGMENT, 40).force();
        directory.checkpoint();
        kit.disk.kill();
        kit.disk.cutFile(LogKit.segment(0), 30L * BATCH + 100);
        Log log = killAndOpen(ONE_SEGMENT);
        log.truncateTo(30);
        append(log, 1, 1, "new");
        log.force();
        Log again = killAndOpen(ONE_SEGMENT);
        assertThat(again.recovery().damagedAt(), is(-1L));
        assertThat(again.logEndOffset(), is(31L));
    }

    @Test
    void forcedFilesThatAreGoneAreReported() throws IOException {
        fill(ONE_SEGMENT, 40).force();
        directory.checkpoint();
        kit.disk.kill();
        kit.disk.deleteIfExists(LogKit.segment(0));
        assertDamaged(killAndOpen(ONE_SEGMENT), 0, "records up to 40 were forced and are missing");
    }

    @Test
    void damageInDeletedRecordsDoesNotTakeTheForcedOnesBehindThem() {
        Log log = fill(TEN_BATCHES, 18);
        log.advanceStart(5);
        log.force();
        directory.checkpoint();
        kit.disk.kill();
        kit.disk.flipBit(LogKit.segment(0), 2L * BATCH + 70, 2);
        damage(LogKit.index(0));
        damage(LogKit.ROOT.resolve("checkpoint"));
        // what was forced is not known any more, but there are good batches behind the bad one, and no hole
        Log found = killAndOpen(TEN_BATCHES);
        assertDamaged(found, 5, "but good ones behind it");
        assertThat("nothing was removed", kit.disk.size(LogKit.segment(0)), is(10L * BATCH));
        assertThat("nothing was removed", kit.disk.size(LogKit.segment(10)), is(8L * BATCH));
    }

    @Test
    void flippedBitBehindTheKnownForcedOffsetIsDamageWhenGoodBatchesFollow() {
        fill(ONE_SEGMENT, 40).force();
        kit.disk.kill();
        kit.disk.flipBit(LogKit.segment(0), 20L * BATCH + 70, 2);
        assertDamaged(killAndOpen(ONE_SEGMENT), 20, "but good ones behind it");
    }

    @Test
    void holeThatAPowerCutLeftInTheUnforcedEndIsCut() throws IOException {
        Log log = fill(ONE_SEGMENT, 10);
        log.force();
        directory.checkpoint();
        for (int i = 10; i < 40; i++) {
            append(log, 0, i, value(i));
        }
        kit.disk.kill();
        int sector = (20 * BATCH / 512 + 1) * 512;
        try (DiskFile file = kit.disk.open(LogKit.segment(0), false)) {
            file.write(new ByteBuffer[] {ByteBuffer.allocate(512)}, sector);
        }
        Log found = killAndOpen(ONE_SEGMENT);
        assertThat(found.recovery().damagedAt(), is(-1L));
        assertThat(found.recovery().cutBytes(), is(20L * BATCH));
        assertThat(kit.events, hasItem("log.tail-cut"));
        assertThat(LogKit.values(found), equalTo(values(0, 20)));
        append(found, 1, 1, "new");
        assertThat(found.logEndOffset(), is(21L));
    }

    @Test
    void theSameHoleInForcedDataIsDamage() throws IOException {
        fill(TEN_BATCHES, 55).force();
        kit.disk.kill();
        damage(LogKit.index(20));
        try (DiskFile file = kit.disk.open(LogKit.segment(20), false)) {
            file.write(new ByteBuffer[] {ByteBuffer.allocate(512)}, 1024);
        }
        assertDamaged(killAndOpen(TEN_BATCHES), 20, "below the forced offset 50");
    }
}
