package io.jofka.node.kafka;

import java.nio.ByteBuffer;

/** One complete request without its length field: a view of a chunk that it holds until released. */
record Frame(ByteBuffer body, Chunk chunk) {
    void release() {
        chunk.release();
    }
}
