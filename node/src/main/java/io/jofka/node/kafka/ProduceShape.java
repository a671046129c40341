package io.jofka.node.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Walks over a large produce request without making objects and counts the bytes that are not records. The codec makes an
 * object of many bytes from each few bytes of topic and partition fields, so those must be few however large the records.
 */
final class ProduceShape {
    private static final short FIRST_FLEXIBLE = 9;
    private static final short FIRST_WITH_IDS = 13;
    private static final int UUID_BYTES = 16;

    private final ByteBuffer bytes;
    private final ByteBufferAccessor in;
    private final short version;
    private final boolean flexible;
    private long recordBytes;

    private ProduceShape(ByteBuffer bytes, short version) {
        this.bytes = bytes;
        this.in = new ByteBufferAccessor(bytes);
        this.version = version;
        this.flexible = version >= FIRST_FLEXIBLE;
    }

    /** Bytes from the buffer's position on that are not records. Throws some runtime exception on a broken request. */
    static long otherBytes(ByteBuffer body, short version) {
        int size = body.remaining();
        ProduceShape shape = new ProduceShape(body.duplicate(), version);
        shape.walk();
        return size - shape.recordBytes;
    }

    private void walk() {
        skip(stringLength());
        skip(Short.BYTES + Integer.BYTES);
        for (int topics = count(); topics > 0; topics--) {
            skip(version >= FIRST_WITH_IDS ? UUID_BYTES : stringLength());
            for (int partitions = count(); partitions > 0; partitions--) {
                skip(Integer.BYTES);
                int size = count();
                skip(size);
                recordBytes += Math.max(0, size);
                skipTags();
            }
            skipTags();
        }
    }

    private int stringLength() {
        return flexible ? in.readUnsignedVarint() - 1 : bytes.getShort();
    }

    private int count() {
        return flexible ? in.readUnsignedVarint() - 1 : bytes.getInt();
    }

    private void skipTags() {
        if (flexible) {
            for (int tags = in.readUnsignedVarint(); tags > 0; tags--) {
                in.readUnsignedVarint();
                skip(in.readUnsignedVarint());
            }
        }
    }

    private void skip(int count) {
        if (count > 0) {
            bytes.position(Math.addExact(bytes.position(), count));
        }
    }
}
