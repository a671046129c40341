package io.jofka.node.rest.data.read;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Where a reader stands in one or more topics, as text that any node understands: all state of a reader is in it. It is
 * checked (form, CRC), not signed: it lets its holder read nothing that a plain offset would not.
 *
 * @param turn which position is asked first; moves on with every page, so that no partition starves
 */
record Cursor(int turn, List<OfTopic> topics) {
    private static final byte VERSION = 1;
    private static final int MAX_TEXT = 64 << 10;
    private static final int MAX_POSITIONS = 20_000;
    private static final int CRC_BYTES = 4;

    Cursor {
        topics = List.copyOf(topics);
    }

    /** Positions in one topic. {@code whole}: partitions that are added later join, from their start. */
    record OfTopic(UUID topicId, boolean whole, List<At> positions) {
        OfTopic {
            positions = List.copyOf(positions);
        }
    }

    record At(int partition, long offset) {}

    String encode() {
        int positions = topics.stream().mapToInt(t -> t.positions().size()).sum();
        ByteBuffer out = ByteBuffer.allocate(16 + topics.size() * 32 + positions * 15 + CRC_BYTES);
        out.put(VERSION);
        putNumber(out, turn);
        putNumber(out, topics.size());
        for (OfTopic topic : topics) {
            out.putLong(topic.topicId().getMostSignificantBits());
            out.putLong(topic.topicId().getLeastSignificantBits());
            out.put((byte) (topic.whole() ? 1 : 0));
            putNumber(out, topic.positions().size());
            for (At at : topic.positions()) {
                putNumber(out, at.partition());
                putNumber(out, at.offset());
            }
        }
        out.putInt(crc(out.array(), out.position()));
        out.flip();
        byte[] exact = new byte[out.remaining()];
        out.get(exact);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(exact);
    }

    /** Empty when the text is not a cursor of ours, whole and unchanged. */
    static Optional<Cursor> decode(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            int end = bytes.length - CRC_BYTES;
            if (end < 1 || in.getInt(end) != crc(bytes, end) || in.get() != VERSION) {
                return Optional.empty();
            }
            in.limit(end);
            Cursor cursor = read(in);
            return in.hasRemaining() ? Optional.empty() : Optional.of(cursor);
        } catch (IllegalArgumentException | BufferUnderflowException notOurs) {
            return Optional.empty();
        }
    }

    private static Cursor read(ByteBuffer in) {
        int turn = count(in);
        int topics = count(in);
        List<OfTopic> all = new ArrayList<>();
        int left = MAX_POSITIONS;
        for (int i = 0; i < topics; i++) {
            UUID id = new UUID(in.getLong(), in.getLong());
            byte flags = in.get();
            int positions = count(in);
            left -= positions;
            if (left < 0 || flags < 0 || flags > 1) {
                throw new IllegalArgumentException("no cursor of ours");
            }
            List<At> list = new ArrayList<>();
            for (int j = 0; j < positions; j++) {
                list.add(new At(count(in), number(in)));
            }
            all.add(new OfTopic(id, flags == 1, list));
        }
        return new Cursor(turn, all);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void putNumber(ByteBuffer out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte group = in.get();
            value |= (long) (group & 0x7f) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("no number");
    }

    private static int count(ByteBuffer in) {
        long value = number(in);
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no count");
        }
        return (int) value;
    }
}
