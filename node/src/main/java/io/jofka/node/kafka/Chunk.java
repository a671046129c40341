package io.jofka.node.kafka;

import io.jofka.node.common.Invariant;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A piece of memory lent by a {@link BufferPool}, given back when the last holder releases it. The bytes themselves are
 * guarded by whoever holds the chunk; only the count is thread-safe.
 */
final class Chunk {
    private final @Nullable BufferPool pool;
    private final ByteBuffer bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    Chunk(@Nullable BufferPool pool, ByteBuffer bytes) {
        this.pool = pool;
        this.bytes = bytes;
    }

    /** A chunk that belongs to no pool. */
    static Chunk onHeap(int bytes) {
        return new Chunk(null, ByteBuffer.allocate(bytes));
    }

    ByteBuffer bytes() {
        return bytes;
    }

    int capacity() {
        return bytes.capacity();
    }

    /** True when the caller, who must be a holder, is the only one: nobody else can see the bytes. */
    boolean exclusive() {
        return holders.get() == 1;
    }

    Chunk retain() {
        int before = holders.getAndIncrement();
        Invariant.check(before > 0, "chunk retained after its release");
        return this;
    }

    void release() {
        int left = holders.decrementAndGet();
        if (left == 0 && pool != null) {
            pool.takeBack(bytes);
        }
        Invariant.check(left >= 0, "chunk released twice");
    }
}
