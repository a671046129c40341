package io.jofka.node.broker;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record batches for tests. */
final class Batches {
    private Batches() {}

    static ByteBuffer of(long timestampMs, String... values) {
        return of(Compression.NONE, timestampMs, values);
    }

    static ByteBuffer of(Compression codec, long timestampMs, String... values) {
        BatchBuilder builder = new BatchBuilder(codec, -1);
        for (String value : values) {
            builder.append(timestampMs, bytes("k"), bytes(value), List.of());
        }
        return builder.build(0, -1);
    }

    static ByteBuffer producer(long id, int epoch, int sequence, long timestampMs, String... values) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1).producer(id, (short) epoch, sequence);
        for (String value : values) {
            builder.append(timestampMs, null, bytes(value), List.of());
        }
        return builder.build(0, -1);
    }

    static ByteBuffer keyed(long timestampMs, @Nullable String... keys) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        for (String key : keys) {
            builder.append(timestampMs, key == null ? null : bytes(key), bytes("v"), List.of());
        }
        return builder.build(0, -1);
    }

    static ByteBuffer join(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Values of all data records, in order. */
    static List<String> values(ByteBuffer batches) {
        List<String> values = new ArrayList<>();
        for (BatchReader reader : BatchSequence.of(batches, InflationLimits.defaults())) {
            for (LogRecord record : reader) {
                ByteBuffer value = record.value();
                values.add(
                        value == null
                                ? "null"
                                : StandardCharsets.UTF_8
                                        .decode(value.duplicate())
                                        .toString());
            }
        }
        return values;
    }
}
