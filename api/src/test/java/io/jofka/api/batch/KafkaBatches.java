package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** The oracle: Kafka's own classes build and read batches, in terms of our value types. */
final class KafkaBatches {
    private KafkaBatches() {}

    /** How a batch is to be built besides its records. */
    record Shape(
            Compression codec,
            boolean appendTime,
            long appendTimeMs,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean transactional,
            int leaderEpoch) {
        static Shape draw(RandomRecords draw) {
            boolean producer = draw.random().nextBoolean();
            boolean appendTime = draw.random().nextInt(3) == 0;
            return new Shape(
                    draw.oneOf(Compression.values()),
                    appendTime,
                    appendTime ? 1_600_000_000_000L + draw.random().nextInt() : -1,
                    producer ? draw.random().nextLong(Long.MAX_VALUE) : -1,
                    (short) (producer ? draw.random().nextInt(Short.MAX_VALUE) : -1),
                    producer ? draw.random().nextInt(Integer.MAX_VALUE) : -1,
                    producer && draw.random().nextBoolean(),
                    draw.random().nextInt(1000));
        }
    }

    static ByteBuffer build(Shape shape, List<LogRecord> records) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression(shape.codec()),
                shape.appendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                records.getFirst().offset(),
                shape.appendTimeMs(),
                shape.producerId(),
                shape.producerEpoch(),
                shape.baseSequence(),
                shape.transactional(),
                shape.leaderEpoch());
        for (LogRecord record : records) {
            builder.append(record.timestampMs(), copy(record.key()), copy(record.value()), headers(record));
        }
        return builder.build().buffer();
    }

    static org.apache.kafka.common.compress.Compression compression(Compression codec) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
    }

    /** Reads all as a consumer with {@code check.crcs} does; throws whatever Kafka throws. */
    static List<LogRecord> read(ByteBuffer batches) {
        List<LogRecord> records = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(batches.duplicate()).batches()) {
            batch.ensureValid();
            Iterator<Record> each = batch.iterator();
            while (each.hasNext()) {
                Record record = each.next();
                records.add(new LogRecord(
                        record.offset(), record.timestamp(), record.key(), record.value(), headers(record)));
            }
        }
        return records;
    }

    static MutableRecordBatch only(ByteBuffer batch) {
        return MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
    }

    private static Header[] headers(LogRecord record) {
        return record.headers().stream()
                .map(header -> new RecordHeader(
                        ByteBuffer.wrap(header.name().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        copy(header.value())))
                .toArray(Header[]::new);
    }

    private static List<io.jofka.api.batch.RecordHeader> headers(Record record) {
        List<io.jofka.api.batch.RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.add(
                    new io.jofka.api.batch.RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value)));
        }
        return headers;
    }

    /** Kafka's builder moves the position of what it is given. */
    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer part) {
        return part == null ? null : part.duplicate();
    }
}
