package io.jofka.node.storage;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few direct buffers for reading headers; direct, because a read into a heap buffer is copied once more. Readers are
 * virtual threads, too many for a buffer each. Thread-safe, without locks: an empty pool allocates, a full one drops.
 */
final class BufferPool {
    private final int bufferBytes;
    private final AtomicReferenceArray<@Nullable ByteBuffer> slots;

    BufferPool(int bufferBytes, int slots) {
        this.bufferBytes = bufferBytes;
        this.slots = new AtomicReferenceArray<>(slots);
    }

    ByteBuffer take() {
        for (int i = 0; i < slots.length(); i++) {
            ByteBuffer buffer = slots.getPlain(i) == null ? null : slots.getAndSet(i, null);
            if (buffer != null) {
                return buffer.clear();
            }
        }
        return ByteBuffer.allocateDirect(bufferBytes);
    }

    void give(ByteBuffer buffer) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
