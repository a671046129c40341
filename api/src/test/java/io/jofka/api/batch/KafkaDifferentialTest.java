package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;

/** Our codec against Kafka's own, on valid batches, in both directions. */
class KafkaDifferentialTest {
    private static final InflationLimits LIMITS = InflationLimits.defaults();
    private static final int SEEDS = 400;

    @Test
    void weReadWhatKafkaBuilds() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            long base = draw.random().nextLong(1L << 55);
            List<LogRecord> records = draw.batch(base);
            KafkaBatches.Shape shape = KafkaBatches.Shape.draw(draw);
            ByteBuffer batch = KafkaBatches.build(shape, records);
            String at = "seed " + seed + " " + shape;
            assertThat(at, BatchChecks.structure(batch, 1 << 30), instanceOf(BatchCheck.Valid.class));
            assertThat(at, BatchChecks.records(batch, LIMITS), instanceOf(BatchCheck.Valid.class));
            assertSameFields(at, batch);
            assertThat(at, BatchReader.of(batch, 0, LIMITS).toList(), is(KafkaBatches.read(batch)));
        }
    }

    @Test
    void kafkaReadsWhatWeBuild() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            long base = draw.random().nextLong(1L << 55);
            List<LogRecord> records = draw.batch(base);
            KafkaBatches.Shape shape = KafkaBatches.Shape.draw(draw);
            ByteBuffer batch = build(shape, records, base);
            String at = "seed " + seed + " " + shape;
            assertSameFields(at, batch);
            assertThat(
                    at,
                    KafkaBatches.read(batch),
                    is(BatchReader.of(batch, 0, LIMITS).toList()));
        }
    }

    @Test
    void withoutCompressionBothBuildTheSameBytes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            long base = draw.random().nextLong(1L << 55);
            List<LogRecord> records = draw.batch(base);
            KafkaBatches.Shape drawn = KafkaBatches.Shape.draw(draw);
            KafkaBatches.Shape shape = new KafkaBatches.Shape(
                    Compression.NONE,
                    drawn.appendTime(),
                    drawn.appendTimeMs(),
                    drawn.producerId(),
                    drawn.producerEpoch(),
                    drawn.baseSequence(),
                    drawn.transactional(),
                    drawn.leaderEpoch());
            assertThat(
                    "seed " + seed + " " + shape, build(shape, records, base), is(KafkaBatches.build(shape, records)));
        }
    }

    @Test
    void levelsOfEveryCodecAreReadByKafka() {
        List<LogRecord> records = new RandomRecords(3).batch(0);
        for (int level : new int[] {1, 5, 9}) {
            for (Compression codec : Compression.values()) {
                BatchBuilder builder = new BatchBuilder(codec, level);
                for (LogRecord record : records) {
                    builder.append(record.timestampMs(), record.key(), record.value(), record.headers());
                }
                assertThat(codec + " " + level, KafkaBatches.read(builder.build(0, 0)), is(records));
            }
        }
    }

    @Test
    void rawSnappyAsLibrdkafkaWritesItIsRead() throws Exception {
        List<LogRecord> records = new RandomRecords(11).batch(0);
        ByteBuffer plain = RoundTripTest.build(Compression.NONE, records, 0);
        byte[] payload = new byte[plain.limit() - BatchFields.HEADER_SIZE];
        plain.get(BatchFields.HEADER_SIZE, payload);
        ByteBuffer batch =
                HostileBytes.withPayload(plain, Compression.SNAPPY, org.xerial.snappy.Snappy.compress(payload));
        assertThat(BatchChecks.records(batch, LIMITS), instanceOf(BatchCheck.Valid.class));
        assertThat(BatchReader.of(batch, 0, LIMITS).toList(), is(records));
        assertThat(KafkaBatches.read(batch), is(records));
    }

    @Test
    void transactionMarkersAreTheSameInBoth() {
        for (ControlRecord.Outcome outcome : ControlRecord.Outcome.values()) {
            ControlRecordType type = ControlRecordType.parse(ByteBuffer.allocate(4)
                    .putShort((short) 0)
                    .putShort(outcome.type())
                    .flip());
            assertThat(type.name(), is(outcome.name()));
            ByteBuffer theirs = MemoryRecords.withEndTransactionMarker(
                            77, 1_700_000_000_000L, 5, 4711, (short) 3, new EndTransactionMarker(type, 9))
                    .buffer();
            LogRecord marker = BatchReader.of(theirs, 0, LIMITS).toList().getFirst();
            assertThat(ControlRecord.parse(marker), is(Optional.of(new ControlRecord(outcome, 9))));
            ByteBuffer ours = new ControlRecord(outcome, 9).toBatch(77, 5, 4711, (short) 3, 1_700_000_000_000L);
            assertSameFields(outcome.name(), ours);
            Record read = KafkaBatches.only(ours).iterator().next();
            assertThat(EndTransactionMarker.deserialize(read).coordinatorEpoch(), is(9));
            assertThat(EndTransactionMarker.deserialize(read).controlType(), is(type));
            assertThat(ours, is(theirs));
        }
    }

    @Test
    void recompressedBatchesHoldTheSameForKafka() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            List<LogRecord> records = draw.batch(draw.random().nextLong(1L << 55));
            ByteBuffer from = KafkaBatches.build(KafkaBatches.Shape.draw(draw), records);
            Compression codec = draw.oneOf(Compression.values());
            ByteBuffer to = new BatchRewriter(codec, -1, LIMITS).recompress(from, 0);
            String at = "seed " + seed + " to " + codec;
            assertThat(at, KafkaBatches.read(to), is(KafkaBatches.read(from)));
            assertSameFields(at, to);
            assertThat(at, BatchHeader.read(to, 0).compression(), is(codec));
        }
    }

    @Test
    void aDeleteHorizonIsReadByKafkaAndChangesNoTimestamp() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            List<LogRecord> records = draw.batch(1000);
            ByteBuffer from = KafkaBatches.build(KafkaBatches.Shape.draw(draw), records);
            ByteBuffer to = new BatchRewriter(draw.oneOf(Compression.values()), -1, LIMITS)
                    .rewrite(from, 0, record -> true, OptionalLong.of(1_234_567_890_123L));
            assertThat(KafkaBatches.only(to).deleteHorizonMs(), is(OptionalLong.of(1_234_567_890_123L)));
            assertThat("seed " + seed, KafkaBatches.read(to), is(KafkaBatches.read(from)));
            assertSameFields("seed " + seed, to);
        }
    }

    private static ByteBuffer build(KafkaBatches.Shape shape, List<LogRecord> records, long base) {
        BatchBuilder builder = new BatchBuilder(shape.codec(), -1)
                .producer(shape.producerId(), shape.producerEpoch(), shape.baseSequence());
        if (shape.transactional()) {
            builder.transactional();
        }
        for (LogRecord record : records) {
            builder.append(record.timestampMs(), record.key(), record.value(), record.headers());
        }
        ByteBuffer batch = builder.build(base, shape.leaderEpoch());
        if (shape.appendTime()) {
            BatchFields.setLogAppendTime(batch, 0, shape.appendTimeMs());
        }
        return batch;
    }

    private static void assertSameFields(String at, ByteBuffer batch) {
        BatchHeader ours = BatchHeader.read(batch, 0);
        MutableRecordBatch theirs = KafkaBatches.only(batch);
        assertThat(at, theirs.isValid(), is(true));
        assertThat(at, BatchFields.crcMatches(batch, 0), is(true));
        assertThat(at, ours.baseOffset(), is(theirs.baseOffset()));
        assertThat(at, ours.lastOffset(), is(theirs.lastOffset()));
        assertThat(at, ours.nextOffset(), is(theirs.nextOffset()));
        assertThat(at, ours.sizeBytes(), is(theirs.sizeInBytes()));
        assertThat(at, ours.leaderEpoch(), is(theirs.partitionLeaderEpoch()));
        assertThat(at, ours.maxTimestampMs(), is(theirs.maxTimestamp()));
        assertThat(at, ours.producerId(), is(theirs.producerId()));
        assertThat(at, ours.producerEpoch(), is(theirs.producerEpoch()));
        assertThat(at, ours.baseSequence(), is(theirs.baseSequence()));
        assertThat(at, ours.lastSequence(), is(theirs.lastSequence()));
        assertThat(at, ours.recordCount(), is(theirs.countOrNull()));
        assertThat(at, ours.isControl(), is(theirs.isControlBatch()));
        assertThat(at, ours.isTransactional(), is(theirs.isTransactional()));
        assertThat(at, ours.hasDeleteHorizon(), is(theirs.deleteHorizonMs().isPresent()));
        assertThat(at, ours.isLogAppendTime(), is(theirs.timestampType() == TimestampType.LOG_APPEND_TIME));
        assertThat(at, ours.compression().id(), is((int) theirs.compressionType().id));
    }
}
