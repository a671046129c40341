package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchRewriterTest {
    private static final InflationLimits LIMITS = InflationLimits.defaults();

    @Test
    void recordsThatStayKeepOffsetsTimesAndProducer() {
        for (long seed = 0; seed < 200; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            ByteBuffer from = KafkaBatches.build(KafkaBatches.Shape.draw(draw), draw.batch(1_000));
            List<LogRecord> all = BatchReader.of(from, 0, LIMITS).toList();
            Set<Long> kept = new HashSet<>();
            all.stream()
                    .map(LogRecord::offset)
                    .filter(offset -> draw.random().nextBoolean())
                    .forEach(kept::add);
            OptionalLong horizon = draw.random().nextBoolean() ? OptionalLong.of(9_999) : OptionalLong.empty();
            Compression codec = draw.oneOf(Compression.values());
            ByteBuffer to = new BatchRewriter(codec, -1, LIMITS)
                    .rewrite(from, 0, record -> kept.contains(record.offset()), horizon);

            String at = "seed " + seed + " " + codec;
            List<LogRecord> expected = all.stream()
                    .filter(record -> kept.contains(record.offset()))
                    .toList();
            assertThat(at, BatchReader.of(to, 0, LIMITS).toList(), is(expected));
            assertThat(at, KafkaBatches.read(to), is(expected));
            assertThat(at, BatchChecks.storedStructure(to, 1 << 30), instanceOf(BatchCheck.Valid.class));
            assertThat(at, BatchChecks.storedRecords(to, LIMITS), instanceOf(BatchCheck.Valid.class));
            assertSameFrame(at, BatchHeader.read(from, 0), BatchHeader.read(to, 0), expected);
        }
    }

    private static void assertSameFrame(String at, BatchHeader before, BatchHeader after, List<LogRecord> records) {
        assertThat(at, after.baseOffset(), is(before.baseOffset()));
        assertThat(at, after.lastOffset(), is(before.lastOffset()));
        assertThat(at, after.leaderEpoch(), is(before.leaderEpoch()));
        assertThat(at, after.producerId(), is(before.producerId()));
        assertThat(at, after.producerEpoch(), is(before.producerEpoch()));
        assertThat(at, after.lastSequence(), is(before.lastSequence()));
        assertThat(at, after.isTransactional(), is(before.isTransactional()));
        assertThat(at, after.recordCount(), is(records.size()));
        long largest = records.stream().mapToLong(LogRecord::timestampMs).max().orElse(-1);
        assertThat(at, after.maxTimestampMs(), is(before.isLogAppendTime() ? before.maxTimestampMs() : largest));
    }

    @Test
    void aBatchWithoutRecordsIsStoredButNeverSent() {
        for (Compression codec : Compression.values()) {
            ByteBuffer from = RoundTripTest.build(codec, new RandomRecords(4).batch(50), 50);
            ByteBuffer to =
                    new BatchRewriter(codec, -1, LIMITS).rewrite(from, 0, record -> false, OptionalLong.empty());
            assertThat(to.limit(), is(BatchFields.HEADER_SIZE));
            assertThat(KafkaBatches.only(to).countOrNull(), is(0));
            assertThat(KafkaBatches.read(to), is(List.of()));
            assertThat(BatchReader.of(to, 0, LIMITS).toList(), is(List.of()));
            assertThat(BatchChecks.storedStructure(to, 1 << 20), instanceOf(BatchCheck.Valid.class));
            assertThat(BatchChecks.structure(to, 1 << 20), instanceOf(BatchCheck.Invalid.class));
        }
    }

    @Test
    void aDeleteHorizonIsWrittenOnce() {
        BatchRewriter rewriter = new BatchRewriter(Compression.NONE, -1, LIMITS);
        ByteBuffer from = RoundTripTest.build(Compression.NONE, new RandomRecords(4).batch(50), 50);
        ByteBuffer first = rewriter.rewrite(from, 0, record -> true, OptionalLong.of(111));
        ByteBuffer second = rewriter.rewrite(first, 0, record -> true, OptionalLong.of(222));
        assertThat(BatchHeader.read(second, 0).hasDeleteHorizon(), is(true));
        assertThat(BatchHeader.read(second, 0).baseTimestampMs(), is(111L));
    }
}
