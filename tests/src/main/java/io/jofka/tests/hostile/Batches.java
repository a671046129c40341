package io.jofka.tests.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches made by Kafka's own code and then damaged, each in one way; the CRC is right unless said. */
final class Batches {
    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_DELTA = 23;
    private static final int PRODUCER_ID = 43;
    private static final int SEQUENCE = 53;
    private static final int COUNT = 57;
    private static final int RECORDS = 61;

    private Batches() {}

    /** Records of a kind named in the table. */
    static byte[] of(String kind) {
        byte[] good = good(Compression.NONE, 3, "key");
        return switch (kind) {
            case "good" -> good;
            case "keyless" -> records(new SimpleRecord(now(), null, "v".getBytes(StandardCharsets.UTF_8)));
            case "crc" -> set(good, CRC, 4, 0x1234_5678, false);
            case "magic0" -> set(good, MAGIC, 1, 0, false);
            case "magic1" -> set(good, MAGIC, 1, 1, false);
            case "magic3" -> set(good, MAGIC, 1, 3, false);
            case "magic-1" -> set(good, MAGIC, 1, -1, false);
            case "short" -> java.util.Arrays.copyOf(good, good.length - 5);
            case "length-huge" -> set(good, LENGTH, 4, Integer.MAX_VALUE, true);
            case "length-negative" -> set(good, LENGTH, 4, -1, true);
            case "length-zero" -> set(good, LENGTH, 4, 0, true);
            case "header-only" -> set(java.util.Arrays.copyOf(good, RECORDS), LENGTH, 4, RECORDS - 12, true);
            case "half-header" -> java.util.Arrays.copyOf(good, 30);
            case "count-more" -> set(good, COUNT, 4, 5, true);
            case "count-less" -> set(good, COUNT, 4, 2, true);
            case "count-negative" -> set(good, COUNT, 4, -3, true);
            case "count-huge" -> set(good, COUNT, 4, Integer.MAX_VALUE, true);
            case "delta-wrong" -> set(good, LAST_DELTA, 4, 100, true);
            case "delta-negative" -> set(good, LAST_DELTA, 4, -1, true);
            case "codec-unknown" -> set(good, ATTRIBUTES, 2, 7, true);
            case "codec-lie" -> set(good, ATTRIBUTES, 2, 1, true);
            case "control" -> set(good, ATTRIBUTES, 2, 0x20, true);
            case "transactional" -> producer(set(good, ATTRIBUTES, 2, 0x10, true), 4_000_000L, 0);
            case "gap" -> producer(good, 4_000_001L, 5);
            case "two-idempotent" -> join(producer(good, 4_000_002L, 0), producer(good, 4_000_002L, 3));
            case "record-length" -> set(good, RECORDS, 1, 0x7e, true);
            case "record-negative" -> set(good, RECORDS, 1, 0x03, true);
            case "header-null" -> headerWithoutKey();
            case "bomb" -> bomb();
            case "large" -> records(new SimpleRecord(now(), null, new byte[3 << 20]));
            case "future" -> records(new SimpleRecord(253_402_300_000_000L, new byte[1], new byte[1]));
            case "garbage-after" ->
                join(good, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18});
            default -> throw new IllegalArgumentException("no batch " + kind);
        };
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static byte[] good(Compression compression, int count, String key) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(
                    now(), (key + i).getBytes(StandardCharsets.UTF_8), ("value " + i).getBytes(StandardCharsets.UTF_8));
        }
        return bytes(MemoryRecords.withRecords(compression, records));
    }

    private static byte[] records(SimpleRecord... records) {
        return bytes(MemoryRecords.withRecords(Compression.NONE, records));
    }

    /** A few kilobytes that inflate to a 200 MiB of zeros. */
    private static byte[] bomb() {
        return bytes(MemoryRecords.withRecords(
                Compression.gzip().build(), new SimpleRecord(now(), new byte[1], new byte[200 << 20])));
    }

    private static byte[] headerWithoutKey() {
        byte[] good = records(new SimpleRecord(now(), new byte[1], new byte[1], new Header[] {
            new org.apache.kafka.common.header.internals.RecordHeader("a", new byte[1])
        }));
        // the header key's varint length (1) sits three bytes before the end: key length, key, value length, value
        good[good.length - 4] = 1;
        return crc(good);
    }

    private static byte[] bytes(MemoryRecords records) {
        ByteBuffer buffer = records.buffer().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] producer(byte[] batch, long id, int sequence) {
        ByteBuffer buffer = ByteBuffer.wrap(batch.clone());
        buffer.putLong(PRODUCER_ID, id).putShort(PRODUCER_ID + 8, (short) 0).putInt(SEQUENCE, sequence);
        return crc(buffer.array());
    }

    private static byte[] set(byte[] batch, int at, int size, long value, boolean repairCrc) {
        ByteBuffer buffer = ByteBuffer.wrap(batch.clone());
        switch (size) {
            case 1 -> buffer.put(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value);
            default -> buffer.putInt(at, (int) value);
        }
        return repairCrc ? crc(buffer.array()) : buffer.array();
    }

    private static byte[] crc(byte[] batch) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(batch, ATTRIBUTES, batch.length - ATTRIBUTES);
        ByteBuffer.wrap(batch).putInt(CRC, (int) crc.getValue());
        return batch;
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
