package io.jofka.node.storage;

import static io.jofka.node.storage.LogKit.SMALL;
import static io.jofka.node.storage.LogKit.append;
import static io.jofka.node.storage.LogKit.batch;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.StateSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogTest {
    private final LogKit kit = new LogKit();
    private final LogDirectory directory = kit.open();
    private final Log log = LogKit.log(directory, SMALL);

    @Test
    void emptyLogHasNothingToRead() {
        assertThat(log.logStartOffset(), is(0L));
        assertThat(log.logEndOffset(), is(0L));
        assertThat(log.read(0, 1000, 10, true).isEmpty(), is(true));
        assertThat(log.maxTimestamp(0), is(Optional.empty()));
        assertThat(log.latestEpoch(), is(-1));
        log.scan(0, header -> {
            throw new AssertionError(header.toString());
        });
    }

    @Test
    void appendedBatchesAreReadBackInOrderOverManySegments() {
        List<String> written = fill(300);
        assertThat(log.segments(), hasSize(greaterThan(3)));
        for (int maxBytes : new int[] {1, 100, 500, 5000, 1 << 20}) {
            assertThat(LogKit.values(log, 0, 300, maxBytes), equalTo(written));
        }
    }

    @Test
    void oneAppendLargerThanASegmentIsSpreadOverSegments() {
        ByteBuffer[] batches = new ByteBuffer[50];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch(i, 0, i, "x".repeat(200));
        }
        append(log, batches);
        assertThat(log.segments(), hasSize(greaterThan(2)));
        assertThat(LogKit.values(log), hasSize(50));
        for (Log.SegmentInfo segment : log.segments()) {
            assertThat(segment.sizeBytes(), lessThan(4097L));
        }
    }

    @Test
    void batchLargerThanASegmentGetsASegmentOfItsOwn() {
        append(log, 0, 1, "a");
        append(log, 0, 1, "b".repeat(9000));
        append(log, 0, 1, "c");
        assertThat(log.segments(), hasSize(3));
        assertThat(LogKit.values(log, 0, 3, 10), contains("a", "b".repeat(9000), "c"));
    }

    @Test
    void segmentIsRolledWhenTimestampsAreFarApart() {
        append(log, 0, 1_000, "a");
        append(log, 0, 1_000 + 3_600_000, "b");
        assertThat(log.segments(), hasSize(1));
        append(log, 0, 1_001 + 3_600_000, "c");
        assertThat(log.segments(), hasSize(2));
    }

    @Test
    void segmentIsRolledWhenItsOffsetsDoNotFitTheIndex() {
        append(log, 0, 1, "a");
        append(log, batch(Integer.MAX_VALUE, 0, 1, "b"));
        append(log, batch(Integer.MAX_VALUE + 1L, 0, 1, "c"));
        assertThat(log.segments(), hasSize(2));
        assertThat(LogKit.values(log, Integer.MAX_VALUE, Integer.MAX_VALUE + 2L, 10), contains("b", "c"));
    }

    @Test
    void readEndsAtABatchBoundaryAtOrBelowTheEndOffset() {
        append(log, 0, 1, "a", "b");
        append(log, 0, 1, "c", "d");
        append(log, 0, 1, "e");
        try (LogSlice slice = log.read(1, 1 << 20, 4, true)) {
            assertThat(slice.baseOffset(), is(0L));
            assertThat(slice.nextOffset(), is(4L));
        }
        try (LogSlice slice = log.read(2, 1 << 20, 3, true)) {
            assertThat("a batch is not cut at the end offset", slice.isEmpty(), is(true));
        }
    }

    @Test
    void firstBatchIsReturnedWholeOnlyWhenAskedFor() {
        append(log, 0, 1, "x".repeat(500));
        assertThat(log.read(0, 100, 1, false).isEmpty(), is(true));
        try (LogSlice slice = log.read(0, 100, 1, true)) {
            assertThat(slice.sizeBytes(), greaterThan(500));
        }
    }

    @Test
    void sliceCanBeSentInPartsToAChannel() throws IOException {
        fill(20);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (LogSlice slice = log.read(0, 1000, 20, true)) {
            slice.transferTo(0, 10, Channels.newChannel(sent));
            slice.transferTo(10, slice.sizeBytes() - 10, Channels.newChannel(sent));
            assertThat(ByteBuffer.wrap(sent.toByteArray()), equalTo(slice.toBuffer()));
        }
    }

    @Test
    void sliceStaysReadableWhenItsSegmentIsDeleted() {
        fill(300);
        try (LogSlice slice = log.read(0, 1000, 300, true)) {
            ByteBuffer before = slice.toBuffer();
            log.advanceStart(200);
            assertThat(log.applyRetention(0, 300), greaterThan(0L));
            assertThat(slice.toBuffer(), equalTo(before));
        }
    }

    @Test
    void forceMovesTheForcedOffset() {
        append(log, 0, 1, "a");
        assertThat(log.forcedOffset(), is(0L));
        assertThat(log.force(), is(1L));
        assertThat(log.forcedOffset(), is(1L));
        assertThat(directory.forceSoon(log).join(), is(1L));
    }

    @Test
    void truncationRemovesWholeBatchesAndAppendsGoOnThere() {
        fill(300);
        log.truncateTo(101);
        assertThat(log.logEndOffset(), is(101L));
        append(log, 7, 1, "new");
        assertThat(LogKit.values(log, 99, 102, 1), contains("v99", "v100", "new"));
        assertThat(log.endOffsetFor(7), is(new EpochEnd(7, 102)));
        log.truncateTo(0);
        assertThat(log.logEndOffset(), is(0L));
        assertThat(log.latestEpoch(), is(-1));
        assertThat(log.segments(), hasSize(1));
    }

    @Test
    void truncationInsideABatchRemovesAllOfIt() {
        append(log, 0, 1, "a");
        append(log, 0, 1, "b", "c", "d");
        log.truncateTo(3);
        assertThat(log.logEndOffset(), is(1L));
        assertThat(LogKit.values(log), contains("a"));
    }

    @Test
    void epochTableAnswersWhereEachEpochEnds() {
        append(log, 2, 1, "a", "b");
        append(log, 5, 1, "c");
        log.assignEpoch(8);
        assertThat(log.latestEpoch(), is(8));
        assertThat(log.endOffsetFor(2), is(new EpochEnd(2, 2)));
        assertThat(log.endOffsetFor(4), is(new EpochEnd(2, 2)));
        assertThat(log.endOffsetFor(5), is(new EpochEnd(5, 3)));
        assertThat(log.endOffsetFor(8), is(new EpochEnd(8, 3)));
        assertThat(log.endOffsetFor(99), is(new EpochEnd(8, 3)));
        assertThat("older than all known", log.endOffsetFor(1), is(new EpochEnd(1, 0)));
    }

    @Test
    void startCanBeMovedBeyondTheEnd() {
        fill(300);
        log.advanceStart(1000);
        assertThat(log.logStartOffset(), is(1000L));
        assertThat(log.logEndOffset(), is(1000L));
        append(log, 0, 1, "a");
        assertThat(LogKit.values(log), contains("a"));
    }

    @Test
    void abortedTransactionsAreFoundByOverlap() {
        fill(20);
        log.addAborted(new AbortedTransaction(1, 0, 5, 3));
        log.addAborted(new AbortedTransaction(2, 3, 9, 10));
        log.addAborted(new AbortedTransaction(1, 12, 15, 16));
        log.addAborted(new AbortedTransaction(1, 12, 15, 16));
        assertThat(log.abortedIn(0, 20), hasSize(3));
        assertThat(log.abortedIn(6, 12), contains(new AbortedTransaction(2, 3, 9, 10)));
        log.truncateTo(9);
        assertThat(log.abortedIn(0, 20), contains(new AbortedTransaction(1, 0, 5, 3)));
    }

    @Test
    void newestTwoSnapshotsAreKeptAndThoseAboveATruncationGo() {
        fill(20);
        log.writeSnapshot(new StateSnapshot(5, new byte[] {5}));
        log.writeSnapshot(new StateSnapshot(10, new byte[5000]));
        log.writeSnapshot(new StateSnapshot(15, new byte[6000]));
        assertThat(log.latestSnapshot().orElseThrow().bytes().length, is(6000));
        log.truncateTo(12);
        assertThat(log.latestSnapshot().orElseThrow().bytes().length, is(5000));
        log.truncateTo(8);
        assertThat(log.latestSnapshot(), is(Optional.empty()));
    }

    @Test
    void scanVisitsEachBatchFromTheOneThatHoldsTheOffset() {
        fill(300);
        List<Long> visited = new ArrayList<>();
        log.scan(17, header -> visited.add(header.baseOffset()) && visited.size() < 200);
        assertThat(visited, hasSize(200));
        assertThat(visited.getFirst(), is(17L));
        assertThat(visited.getLast(), is(216L));
    }

    @Test
    void openFilesStayBelowTheLimit() {
        fill(6000);
        assertThat(log.segments(), hasSize(greaterThan(kit.config.maxOpenFiles())));
        assertThat(LogKit.values(log), hasSize(6000));
        assertThat(kit.disk.openFiles(), lessThan(kit.config.maxOpenFiles() + 2));
    }

    @Test
    void deletedLogLeavesNothingAndCanBeMadeAnew() {
        fill(10);
        log.delete();
        assertThat(directory.list(), empty());
        assertThat(kit.disk.exists(LogKit.file("")), is(false));
        Log again = LogKit.log(directory, SMALL);
        assertThat(again.logEndOffset(), is(0L));
    }

    private List<String> fill(int count) {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            append(log, 0, i, "v" + i);
            written.add("v" + i);
        }
        return written;
    }
}
