package io.jofka.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Seeded bodies that look like JSON events, of an exact size, the same on every machine. */
final class Payloads {
    private static final List<String> WORDS = List.of(
            "order", "created", "paid", "shipped", "basket", "sensor", "click", "view", "login", "cart", "item",
            "price", "total", "user", "device", "east", "west", "north", "south", "error", "retry");

    private Payloads() {}

    /** Lines of exactly {@code size} characters. */
    static List<String> lines(int size, int count) {
        SplittableRandom random = new SplittableRandom(42);
        List<String> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "{\"id\":%d,\"ts\":%d,\"user\":\"u%05d\",\"tags\":\"",
                    random.nextInt(10_000_000),
                    1_700_000_000_000L + i,
                    random.nextInt(99_999)));
            while (line.length() < size - 2) {
                line.append(
                                random.nextInt(10) < 7
                                        ? WORDS.get(random.nextInt(WORDS.size()))
                                        : Integer.toHexString(random.nextInt()))
                        .append(' ');
            }
            line.setLength(size - 2);
            lines.add(line.append("\"}").toString());
        }
        return lines;
    }

    static Path file(Path folder, int size) {
        return write(
                folder.resolve("payload-" + size),
                String.join("\n", lines(size, 2_000)).getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON produce request. */
    static Path jsonBody(Path folder, int size, int records) {
        StringBuilder body = new StringBuilder("{\"records\":[");
        for (String line : lines(size, records)) {
            body.append("{\"value\":").append(line).append("},");
        }
        body.setLength(body.length() - 1);
        return write(
                folder.resolve("json-" + size + "-" + records),
                body.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** One Kafka record batch. */
    static Path batchBody(Path folder, int size, int records) {
        ByteBuffer buffer = MemoryRecords.withRecords(
                        Compression.NONE,
                        lines(size, records).stream()
                                .map(line -> new SimpleRecord(
                                        1_700_000_000_000L, null, line.getBytes(StandardCharsets.UTF_8)))
                                .toArray(SimpleRecord[]::new))
                .buffer()
                .duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return write(folder.resolve("batch-" + size + "-" + records), bytes);
    }

    private static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
