package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Draws records with all the odd shapes that the format allows: null, empty and large parts, repeated headers. */
final class RandomRecords {
    private static final String[] NAMES = {"", "a", "trace-id", "gr\u00fc\u00dfe", "\ud83d\ude80", "a"};

    private final Random random;
    private long timestamp;

    RandomRecords(long seed) {
        random = new Random(seed);
        timestamp = random.nextInt(10) == 0 ? -1 : 1_700_000_000_000L + random.nextInt();
    }

    Random random() {
        return random;
    }

    <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    /** The records of a batch from offset {@code baseOffset} on. */
    List<LogRecord> batch(long baseOffset) {
        int count = 1 + (random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(6));
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new LogRecord(baseOffset + i, nextTimestamp(), part(), part(), headers()));
        }
        return records;
    }

    private long nextTimestamp() {
        if (timestamp >= 0) {
            timestamp += switch (random.nextInt(8)) {
                case 0 -> -random.nextInt(100_000);
                case 1 -> random.nextLong(1L << 40);
                default -> random.nextInt(50);
            };
        }
        return timestamp;
    }

    private @Nullable ByteBuffer part() {
        int length = switch (random.nextInt(12)) {
            case 0, 1 -> -1;
            case 2 -> 0;
            case 3 -> random.nextInt(70_000);
            case 4 -> 63 + random.nextInt(3);
            case 5 -> 8_190 + random.nextInt(4);
            default -> random.nextInt(100);
        };
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) "abcd".charAt(i & 3);
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    private List<RecordHeader> headers() {
        if (random.nextInt(3) != 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            headers.add(new RecordHeader(oneOf(NAMES), part()));
        }
        return headers;
    }
}
