package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.BatchValidation.Validated;
import io.jofka.node.metadata.TopicSettings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchValidationTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final long HOUR = 3_600_000;

    private final BatchValidation validation = new BatchValidation(new InflationLimits(1 << 20, 10_000));

    private Validated validate(ByteBuffer batches, Map<String, String> configs) {
        return validation.validate(batches, false, PartitionSettings.of(TopicSettings.of(configs), 86_400_000L), NOW);
    }

    private Validated validate(ByteBuffer batches) {
        return validate(batches, Map.of());
    }

    private static Fault fault(Validated result) {
        return ((Validated.Bad) result).refusal().fault();
    }

    private static Validated.Good good(Validated result) {
        return (Validated.Good) result;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void goodBatchesOfEveryCodecPassUnchanged(Compression codec) {
        ByteBuffer batch = Batches.of(codec, NOW, "a", "b");
        Validated.Good result = good(validate(batch));
        assertThat(result.batches(), sameInstance(batch));
        assertThat(result.headers(), hasSize(1));
    }

    @Test
    void wrongChecksumIsRefused() {
        ByteBuffer batch = Batches.of(NOW, "a");
        batch.put(batch.limit() - 1, (byte) 99);
        assertThat(fault(validate(batch)), is(Fault.CORRUPT_BATCH));
    }

    @Test
    void recordThatDoesNotParseIsRefusedAlthoughTheChecksumIsRight() {
        ByteBuffer batch = Batches.of(NOW, "aaaaaaaa");
        batch.put(BatchFields.HEADER_SIZE, (byte) 126);
        BatchFields.setMaxTimestamp(batch, 0, NOW);
        assertThat(fault(validate(batch)), is(Fault.INVALID_RECORD));
    }

    @Test
    void bombIsRefusedWithoutInflatingItAll() {
        BatchBuilder builder = new BatchBuilder(Compression.ZSTD, -1);
        builder.append(NOW, null, ByteBuffer.allocate(3 << 20), List.of());
        assertThat(fault(validate(builder.build(0, -1))), is(Fault.RECORD_LIST_TOO_LARGE));
    }

    @Test
    void batchAboveTheTopicsLimitIsRefused() {
        assertThat(
                fault(validate(Batches.of(NOW, "x".repeat(200)), Map.of("max.message.bytes", "200"))),
                is(Fault.RECORD_TOO_LARGE));
    }

    @Test
    void moreThanASegmentIsRefused() {
        ByteBuffer batch = Batches.of(NOW, "x".repeat(2_000_000));
        assertThat(
                fault(validate(batch, Map.of("max.message.bytes", "9000000", "segment.bytes", "1048576"))),
                is(Fault.RECORD_LIST_TOO_LARGE));
    }

    @Test
    void controlBatchFromAClientIsRefused() {
        ByteBuffer marker = new ControlRecord(ControlRecord.Outcome.COMMIT, 0).toBatch(0, 0, 1, (short) 0, NOW);
        assertThat(fault(validate(marker)), is(Fault.INVALID_RECORD));
    }

    @Test
    void transactionalBatchWithoutACoordinatorIsRefused() {
        BatchBuilder builder =
                new BatchBuilder(Compression.NONE, -1).producer(1, (short) 0, 0).transactional();
        builder.append(NOW, null, Batches.bytes("a"), List.of());
        assertThat(fault(validate(builder.build(0, -1))), is(Fault.INVALID_TXN_STATE));
    }

    @Test
    void severalBatchesOfAProducerIdAreRefused() {
        ByteBuffer both = Batches.join(Batches.producer(1, 0, 0, NOW, "a"), Batches.producer(1, 0, 1, NOW, "b"));
        assertThat(fault(validate(both)), is(Fault.INVALID_RECORD));
        assertThat(
                good(validate(Batches.join(Batches.of(NOW, "a"), Batches.of(NOW, "b"))))
                        .headers(),
                hasSize(2));
    }

    @Test
    void recordsWithoutKeyInACompactedTopicAreNamed() {
        Validated result = validate(Batches.keyed(NOW, "a", null, "b", null), Map.of("cleanup.policy", "compact"));
        assertThat(fault(result), is(Fault.INVALID_RECORD));
        assertThat(
                ((Validated.Bad) result)
                        .refusal().recordErrors().stream()
                                .map(ProduceOutcome.RecordError::batchIndex)
                                .toList(),
                contains(1, 3));
    }

    @Test
    void trustedBatchesObeyTheTopicsRulesToo() {
        PartitionSettings compacted =
                PartitionSettings.of(TopicSettings.of(Map.of("cleanup.policy", "compact")), 86_400_000L);
        ByteBuffer noKey = Batches.keyed(NOW, "a", null);
        assertThat(validation.validate(noKey, true, compacted, NOW) instanceof Validated.Bad, is(true));
        PartitionSettings plain = PartitionSettings.of(TopicSettings.of(Map.of()), 86_400_000L);
        assertThat(
                validation.validate(Batches.of(NOW + 2 * HOUR, "a"), true, plain, NOW) instanceof Validated.Bad,
                is(true));
        assertThat(validation.validate(Batches.of(NOW, "a"), true, plain, NOW) instanceof Validated.Good, is(true));
    }

    @Test
    void timestampsTooFarAheadOrBehindAreRefused() {
        assertThat(fault(validate(Batches.of(NOW + HOUR + 1, "a"))), is(Fault.INVALID_TIMESTAMP));
        assertThat(good(validate(Batches.of(NOW + HOUR, "a"))).headers(), hasSize(1));
        Map<String, String> young = Map.of("message.timestamp.before.max.ms", "1000");
        assertThat(fault(validate(Batches.of(NOW - 1_001, "a"), young)), is(Fault.INVALID_TIMESTAMP));
        assertThat(good(validate(Batches.of(-1, "no timestamp"), young)).headers(), hasSize(1));
    }

    @Test
    void topicThatStampsTimeDoesNotCareForTheSenders() {
        Map<String, String> stamping = Map.of("message.timestamp.type", "LogAppendTime");
        assertThat(good(validate(Batches.of(NOW + 9 * HOUR, "a"), stamping)).headers(), hasSize(1));
    }

    @Test
    void senderMayNotStampTheAppendTime() {
        ByteBuffer batch = Batches.of(NOW, "a");
        BatchFields.setLogAppendTime(batch, 0, NOW);
        assertThat(fault(validate(batch)), is(Fault.INVALID_TIMESTAMP));
    }

    @Test
    void wrongMaxTimestampIsPutRight() {
        ByteBuffer batch = Batches.of(NOW, "a", "b");
        BatchFields.setMaxTimestamp(batch, 0, NOW + 5);
        Validated.Good result = good(validate(batch));
        assertThat(result.headers().getFirst().maxTimestampMs(), is(NOW));
        assertThat(BatchHeader.read(batch, 0).maxTimestampMs(), is(NOW));
        assertThat(BatchFields.crcMatches(batch, 0), is(true));
    }

    @Test
    void otherCodecIsStoredAsTheTopicAsks() {
        ByteBuffer both = Batches.join(Batches.of(NOW, "a", "b"), Batches.of(Compression.GZIP, NOW, "c"));
        Validated.Good result = good(validate(both, Map.of("compression.type", "zstd")));
        assertThat(
                result.headers().stream().map(BatchHeader::compression).toList(),
                contains(Compression.ZSTD, Compression.ZSTD));
        assertThat(Batches.values(result.batches()), contains("a", "b", "c"));
        Validated.Good plain =
                good(validate(Batches.of(Compression.LZ4, NOW, "d"), Map.of("compression.type", "uncompressed")));
        assertThat(plain.headers().getFirst().compression(), equalTo(Compression.NONE));
    }

    @Test
    void nothingAtAllIsRefused() {
        assertThat(fault(validate(ByteBuffer.allocate(0))), is(Fault.INVALID_RECORD));
        assertThat(
                validation.validate(
                                ByteBuffer.allocate(0),
                                true,
                                PartitionSettings.of(TopicSettings.of(Map.of()), 86_400_000L),
                                NOW)
                        instanceof Validated.Bad,
                is(true));
    }
}
