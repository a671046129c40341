package io.jofka.node.storage;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.common.Disk;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.sim.SimulatedClock;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedSeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A log directory on a simulated disk, and batches to put into it. */
final class LogKit {
    static final Path ROOT = Path.of("/data/log");
    static final TopicPartition PARTITION = new TopicPartition(new UUID(7, 9), 3);
    static final LogConfig SMALL =
            new LogConfig(4096, 3_600_000, 256, -1, -1, true, false, 86_400_000, 0, Long.MAX_VALUE, 0.5, 86_400_000);

    final SimulatedDisk disk = new SimulatedDisk();
    final SimulatedClock clock = new SimulatedClock();
    final List<String> events = new ArrayList<>();
    StorageConfig config = StorageConfig.simulated();

    LogDirectory open() {
        return open(disk);
    }

    LogDirectory open(Disk on) {
        return LogDirectory.open(
                ROOT,
                "cluster",
                on,
                clock,
                new SimulatedSeed(1),
                (type, sentence, details) -> events.add(type),
                new SimpleMeterRegistry(),
                config);
    }

    /** The log, created when it is not there. */
    static Log log(LogDirectory directory, LogConfig config) {
        return directory.list().contains(PARTITION)
                ? directory.openLog(PARTITION, config)
                : directory.createLog(PARTITION, config);
    }

    static Path file(String name) {
        return ROOT.resolve(PARTITION.toString()).resolve(name);
    }

    static Path segment(long baseOffset) {
        return file(LogPaths.name(baseOffset, LogPaths.LOG));
    }

    static Path index(long baseOffset) {
        return file(LogPaths.name(baseOffset, LogPaths.INDEX));
    }

    /** One batch with these values, no keys. */
    static ByteBuffer batch(long baseOffset, int epoch, long timestampMs, String... values) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        for (String value : values) {
            builder.append(timestampMs, null, bytes(value), List.of());
        }
        return builder.build(baseOffset, epoch);
    }

    /** One record with a key; a null value is a tombstone. */
    static ByteBuffer keyed(long offset, long timestampMs, String key, @Nullable String value) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        builder.append(timestampMs, bytes(key), value == null ? null : bytes(value), List.of());
        return builder.build(offset, 0);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static void append(Log log, ByteBuffer... batches) {
        List<BatchHeader> headers = new ArrayList<>();
        for (ByteBuffer batch : batches) {
            for (BatchReader reader : BatchSequence.of(batch, InflationLimits.defaults())) {
                headers.add(reader.header());
            }
        }
        log.append(batches, headers);
    }

    /** Appends one batch at the log's end. */
    static void append(Log log, int epoch, long timestampMs, String... values) {
        append(log, batch(log.logEndOffset(), epoch, timestampMs, values));
    }

    /** All values from an offset to an end, read slice by slice. */
    static List<String> values(Log log, long from, long end, int maxBytes) {
        List<String> values = new ArrayList<>();
        records(log, from, end, maxBytes).forEach(record -> values.add(text(record.value())));
        return values;
    }

    static List<String> values(Log log) {
        return values(log, log.logStartOffset(), log.logEndOffset(), 1 << 20);
    }

    static List<LogRecord> records(Log log, long from, long end, int maxBytes) {
        List<LogRecord> records = new ArrayList<>();
        long next = from;
        while (next < end) {
            try (LogSlice slice = log.read(next, maxBytes, end, true)) {
                if (slice.isEmpty()) {
                    break;
                }
                for (BatchReader reader : BatchSequence.of(slice.toBuffer(), InflationLimits.defaults())) {
                    for (LogRecord record : reader) {
                        if (record.offset() >= from) {
                            records.add(record);
                        }
                    }
                }
                next = slice.nextOffset();
            }
        }
        return records;
    }
}
