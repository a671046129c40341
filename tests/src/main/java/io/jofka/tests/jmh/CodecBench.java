package io.jofka.tests.jmh;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchCheck;
import io.jofka.api.batch.BatchChecks;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Our record-batch codec beside Kafka's own in the same run: batches of 64 KiB of values per second, one thread. Kafka
 * gets its best case: a pooled buffer to build into, a buffer supplier to inflate with, and for the check the iterator
 * of its log validator, which skips keys and values.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBench {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final InflationLimits LIMITS = InflationLimits.defaults();

    @Param
    Compression codec = Compression.NONE;

    @Param({"100", "1024"})
    int valueBytes = 100;

    private byte[][] keys = {};
    private byte[][] values = {};
    private ByteBuffer pooled = ByteBuffer.allocate(0);
    private ByteBuffer batch = ByteBuffer.allocate(0);
    private BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
    private org.apache.kafka.common.compress.Compression kafkaCodec = org.apache.kafka.common.compress.Compression.NONE;
    private final BufferSupplier suppliers = BufferSupplier.create();

    @Setup
    public void prepare() {
        int count = BATCH_BYTES / valueBytes;
        Random random = new Random(1);
        keys = new byte[count][];
        values = new byte[count][];
        for (int i = 0; i < count; i++) {
            keys[i] = ("order-" + i).getBytes(StandardCharsets.UTF_8);
            values[i] = value(random);
        }
        builder = new BatchBuilder(codec, -1);
        kafkaCodec = org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
        pooled = ByteBuffer.allocate(2 * BATCH_BYTES);
        batch = buildOurs();
        if (!new String(values[0], StandardCharsets.UTF_8).startsWith("{\"id\":") || readOurs() != readKafka()) {
            throw new IllegalStateException("both sides must do the same work");
        }
    }

    /** Text like JSON, about half of it drawn, so that codecs have something to do. */
    private byte[] value(Random random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < valueBytes) {
            text.append("{\"id\":")
                    .append(random.nextInt())
                    .append(",\"state\":\"open\",\"total\":")
                    .append(random.nextInt(1000))
                    .append('}');
        }
        return text.substring(0, valueBytes).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public ByteBuffer buildOurs() {
        builder.reset();
        for (int i = 0; i < values.length; i++) {
            builder.append(1_700_000_000_000L + i, ByteBuffer.wrap(keys[i]), ByteBuffer.wrap(values[i]), List.of());
        }
        return builder.build(0, 0);
    }

    @Benchmark
    public MemoryRecords buildKafka() {
        pooled.clear();
        try (MemoryRecordsBuilder kafka = MemoryRecords.builder(
                pooled, RecordBatch.CURRENT_MAGIC_VALUE, kafkaCodec, TimestampType.CREATE_TIME, 0L)) {
            for (int i = 0; i < values.length; i++) {
                kafka.append(1_700_000_000_000L + i, ByteBuffer.wrap(keys[i]), ByteBuffer.wrap(values[i]));
            }
            return kafka.build();
        }
    }

    @Benchmark
    public long readOurs() {
        long sum = 0;
        for (LogRecord each : BatchReader.of(batch, 0, LIMITS)) {
            sum += each.offset() + Objects.requireNonNull(each.value()).remaining();
        }
        return sum;
    }

    @Benchmark
    public long readKafka() {
        long sum = 0;
        try (CloseableIterator<Record> records = only().streamingIterator(suppliers)) {
            while (records.hasNext()) {
                Record each = records.next();
                sum += each.offset() + each.value().remaining();
            }
        }
        return sum;
    }

    @Benchmark
    public BatchCheck checkOurs() {
        BatchCheck structure = BatchChecks.structure(batch, Integer.MAX_VALUE);
        return structure instanceof BatchCheck.Valid ? BatchChecks.records(batch, LIMITS) : structure;
    }

    @Benchmark
    public long checkKafka() {
        MutableRecordBatch only = only();
        only.ensureValid();
        long sum = 0;
        try (CloseableIterator<Record> records = only.skipKeyValueIterator(suppliers)) {
            while (records.hasNext()) {
                sum += records.next().offset();
            }
        }
        return sum;
    }

    /** Header and checksum only: what a produce without deep validation costs. */
    @Benchmark
    public BatchCheck structureOurs() {
        return BatchChecks.structure(batch, Integer.MAX_VALUE);
    }

    private MutableRecordBatch only() {
        return MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
    }
}
