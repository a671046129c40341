package io.jofka.node.consensus;

import java.nio.ByteBuffer;

/**
 * What a voter knows of the past; asked by a voter whose folder is empty, which cannot tell a first start from a lost
 * disk by itself.
 *
 * @param term newest Raft term that the voter has seen
 */
record Standing(Past past, int term) {
    enum Past {
        /** Its log has nothing: it has acknowledged nothing. */
        NONE(0),
        /** Its log has records. */
        HISTORY(1),
        /** It has lost its folder and cannot speak for its past. */
        LOST(2);

        private final int code;

        Past(int code) {
            this.code = code;
        }
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(5).put((byte) past.code).putInt(term).array();
    }

    /** @throws IllegalArgumentException for other bytes */
    static Standing of(byte[] bytes) {
        for (Past past : Past.values()) {
            if (bytes.length == 5 && bytes[0] == past.code) {
                return new Standing(past, ByteBuffer.wrap(bytes).getInt(1));
            }
        }
        throw new IllegalArgumentException("not the standing of a voter");
    }
}
