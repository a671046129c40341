package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.Random;

/** Makes bytes that look like a batch up to a point. */
final class HostileBytes {
    private HostileBytes() {}

    /** The header of {@code batch} over another payload and codec; length and CRC are right. */
    static ByteBuffer withPayload(ByteBuffer batch, Compression codec, byte[] payload) {
        ByteBuffer result = ByteBuffer.allocate(BatchFields.HEADER_SIZE + payload.length);
        result.put(0, batch, 0, BatchFields.HEADER_SIZE);
        result.put(BatchFields.HEADER_SIZE, payload);
        int attributes = batch.getShort(BatchFields.ATTRIBUTES) & ~BatchFields.CODEC_MASK;
        result.putShort(BatchFields.ATTRIBUTES, (short) (attributes | codec.id()));
        return repair(result);
    }

    /** Makes length and CRC right, so that damage elsewhere is not found by them. */
    static ByteBuffer repair(ByteBuffer batch) {
        batch.putInt(BatchFields.LENGTH, batch.limit() - BatchFields.LOG_OVERHEAD);
        BatchFields.writeCrc(batch, 0);
        return batch;
    }

    /** The records of an uncompressed batch, damaged, under a codec: the damage is found only after inflating. */
    static ByteBuffer damageRecords(ByteBuffer plain, Compression codec, Random random) {
        byte[] payload = new byte[plain.limit() - BatchFields.HEADER_SIZE];
        plain.get(BatchFields.HEADER_SIZE, payload);
        payload = damage(payload, random);
        if (codec == Compression.NONE) {
            return withPayload(plain, codec, payload);
        }
        byte[] deflated = new byte[Codec.of(codec).maxDeflated(payload.length)];
        int size = Codec.of(codec).deflate(payload, 0, payload.length, deflated, 0, -1);
        return withPayload(plain, codec, java.util.Arrays.copyOf(deflated, size));
    }

    /** Damages the bytes behind the header as they are, compressed or not. */
    static ByteBuffer damagePayload(ByteBuffer batch, Random random) {
        byte[] payload = new byte[batch.limit() - BatchFields.HEADER_SIZE];
        batch.get(BatchFields.HEADER_SIZE, payload);
        return withPayload(batch, BatchHeader.read(batch, 0).compression(), damage(payload, random));
    }

    /** Damages one header field; magic, length and CRC are right in the end. */
    static ByteBuffer damageHeader(ByteBuffer batch, Random random) {
        ByteBuffer copy = ByteBuffer.allocate(batch.limit());
        copy.put(0, batch, 0, batch.limit());
        int at = BatchFields.ATTRIBUTES + random.nextInt(BatchFields.HEADER_SIZE - BatchFields.ATTRIBUTES);
        copy.put(at, interesting(random));
        return repair(copy);
    }

    static byte interesting(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> (byte) 0xff;
            case 2 -> 1;
            case 3 -> (byte) 0x80;
            case 4 -> 0x7f;
            default -> (byte) random.nextInt();
        };
    }

    private static byte[] damage(byte[] payload, Random random) {
        byte[] bytes = payload.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)); // cut
            case 1 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20)); // zeros behind
            case 2 -> { // a run of odd bytes
                int at = random.nextInt(bytes.length);
                for (int i = at; i < Math.min(bytes.length, at + 1 + random.nextInt(10)); i++) {
                    bytes[i] = interesting(random);
                }
            }
            default -> { // one byte, mostly near the front, where the lengths are
                int at = random.nextInt(random.nextBoolean() ? Math.min(40, bytes.length) : bytes.length);
                bytes[at] = interesting(random);
            }
        }
        return bytes;
    }
}
