package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {
    private static final InflationLimits LIMITS = InflationLimits.defaults();
    private static final int SEEDS = 60;

    @ParameterizedTest
    @EnumSource
    void whatIsBuiltIsReadBackEqual(Compression codec) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            long base = draw.random().nextLong(1L << 50);
            List<LogRecord> records = draw.batch(base);
            ByteBuffer batch = build(codec, records, base);
            assertGood(batch, seed);
            BatchReader reader = BatchReader.of(batch, 0, LIMITS);
            assertThat("seed " + seed, reader.toList(), is(records));
            assertThat(reader.header().compression(), is(codec));
            assertThat(reader.header().nextOffset(), is(base + records.size()));
            assertThat(reader.header().leaderEpoch(), is(7));
        }
    }

    @ParameterizedTest
    @EnumSource
    void batchesAreReadFromDirectBuffersAtAnyPosition(Compression codec) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            ByteBuffer first = build(codec, draw.batch(0), 0);
            List<LogRecord> records = draw.batch(1000);
            ByteBuffer second = build(codec, records, 1000);
            ByteBuffer both = ByteBuffer.allocateDirect(13 + first.limit() + second.limit());
            both.position(13).mark();
            both.put(first).put(second).reset();
            assertGood(both, seed);
            List<BatchReader> readers = new ArrayList<>();
            BatchSequence.of(both, LIMITS).forEach(readers::add);
            assertThat(readers.size(), is(2));
            assertThat("seed " + seed, readers.get(1).toList(), is(records));
            assertThat(both.position(), is(13));
        }
    }

    @Test
    void appendTimeReplacesEveryTimestampAndKeepsTheChecksumRight() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            ByteBuffer batch = build(draw.oneOf(Compression.values()), draw.batch(0), 0);
            BatchFields.setLogAppendTime(batch, 0, 123_456_789L);
            assertGood(batch, seed);
            for (LogRecord record : BatchReader.of(batch, 0, LIMITS)) {
                assertThat("seed " + seed, record.timestampMs(), is(123_456_789L));
            }
        }
    }

    @Test
    void offsetsAndEpochAreOutsideTheChecksumAndTheProducerIsNot() {
        ByteBuffer batch = build(Compression.NONE, new RandomRecords(1).batch(0), 0);
        BatchFields.setBaseOffset(batch, 0, 99);
        BatchFields.setLeaderEpoch(batch, 0, 3);
        assertThat(BatchFields.crcMatches(batch, 0), is(true));
        BatchFields.setProducer(batch, 0, 4711, (short) 2, Integer.MAX_VALUE);
        assertThat(BatchFields.crcMatches(batch, 0), is(true));
        BatchHeader header = BatchHeader.read(batch, 0);
        assertThat(header.baseOffset(), is(99L));
        assertThat(header.producerId(), is(4711L));
        assertThat(header.lastSequence(), is(header.recordCount() - 2));
        batch.putLong(BatchFields.PRODUCER_ID, 4712);
        assertThat(BatchFields.crcMatches(batch, 0), is(false));
    }

    @Test
    void aBuiltBatchSurvivesTheReuseOfItsBuilder() {
        for (Compression codec : Compression.values()) {
            BatchBuilder builder = new BatchBuilder(codec, -1);
            List<ByteBuffer> built = new ArrayList<>();
            List<List<LogRecord>> expected = new ArrayList<>();
            for (long seed = 0; seed < 20; seed++) {
                List<LogRecord> records = new RandomRecords(seed).batch(5);
                append(builder, records);
                expected.add(records);
                built.add(builder.build(5, 0));
                builder.reset();
            }
            for (int i = 0; i < built.size(); i++) {
                assertThat(
                        codec + " " + i, BatchReader.of(built.get(i), 0, LIMITS).toList(), is(expected.get(i)));
            }
        }
    }

    @Test
    void sizeOfAnUncompressedBatchIsKnownBeforeItIsBuilt() {
        for (long seed = 0; seed < SEEDS; seed++) {
            BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
            for (LogRecord record : new RandomRecords(seed).batch(0)) {
                int before = builder.sizeBytes();
                builder.append(record.timestampMs(), record.key(), record.value(), record.headers());
                long bound = BatchBuilder.upperBound(record.key(), record.value(), record.headers());
                assertThat(builder.sizeBytes() - before <= bound, is(true));
            }
            int expected = builder.sizeBytes();
            assertThat("seed " + seed, builder.build(0, 0).limit(), is(expected));
        }
    }

    static ByteBuffer build(Compression codec, List<LogRecord> records, long base) {
        BatchBuilder builder = new BatchBuilder(codec, -1);
        append(builder, records);
        return builder.build(base, 7);
    }

    private static void append(BatchBuilder builder, List<LogRecord> records) {
        for (LogRecord record : records) {
            builder.append(record.timestampMs(), record.key(), record.value(), record.headers());
        }
    }

    private static void assertGood(ByteBuffer batches, long seed) {
        assertThat("seed " + seed, BatchChecks.structure(batches, 1 << 30), instanceOf(BatchCheck.Valid.class));
        assertThat("seed " + seed, BatchChecks.records(batches, LIMITS), instanceOf(BatchCheck.Valid.class));
        assertThat("seed " + seed, BatchChecks.storedRecords(batches, LIMITS), instanceOf(BatchCheck.Valid.class));
    }
}
