package io.jofka.node.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers in five sizes, lent within one limit of bytes for the whole listener; larger ones come from the heap but
 * count all the same. The smallest size does not count: each connection may hold one while it is idle, and connections
 * are limited themselves. Whoever finds the limit used up waits in order of arrival. Thread-safe.
 */
final class BufferPool {
    static final int SMALLEST = 4 << 10;
    static final int LARGEST = 2 << 20;

    private static final int[] SIZES = {SMALLEST, 32 << 10, 128 << 10, 512 << 10, LARGEST};
    private static final int UNIT = 4 << 10;

    private final int units;
    private final Semaphore freeUnits;
    private final AtomicLong heldIdle = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<ArrayDeque<ByteBuffer>> idle =
            Stream.generate(ArrayDeque<ByteBuffer>::new).limit(SIZES.length).toList();

    @GuardedBy("lock")
    private long idleBytes;

    BufferPool(long limitBytes) {
        this.units = (int) Math.min(Integer.MAX_VALUE, limitBytes / UNIT);
        this.freeUnits = new Semaphore(units, true);
    }

    /** Waits up to {@code waitMs} for memory; null when there was none. The buffer is cleared, its content is arbitrary. */
    @Nullable
    Chunk acquire(int atLeastBytes, long waitMs) throws InterruptedException {
        int size = sizeFor(atLeastBytes);
        int wanted = unitsOf(size);
        if (wanted > 0 && !freeUnits.tryAcquire(wanted, waitMs, TimeUnit.MILLISECONDS)) {
            return null;
        }
        ByteBuffer bytes = take(size);
        if (bytes == null) {
            freeUnits.release(wanted);
            return null;
        }
        return new Chunk(this, bytes);
    }

    /**
     * Asks to hold a lent buffer while waiting for a client to say something, which may be for ever: all that is held so is
     * at most a quarter of the limit. False when it is not allowed.
     */
    boolean reserveIdle(int bytes) {
        long limit = (long) units * UNIT / 4;
        if (heldIdle.addAndGet(bytes) <= limit) {
            return true;
        }
        heldIdle.addAndGet(-bytes);
        return false;
    }

    void endIdle(int bytes) {
        heldIdle.addAndGet(-bytes);
    }

    /** Bytes lent that count against the limit. */
    long lentBytes() {
        return (long) (units - freeUnits.availablePermits()) * UNIT;
    }

    /** Connections that wait for memory at this moment, about. */
    int waiting() {
        return freeUnits.getQueueLength();
    }

    private @Nullable ByteBuffer take(int size) {
        if (size > LARGEST) {
            return ByteBuffer.allocate(size);
        }
        lock.lock();
        try {
            ByteBuffer bytes = idle.get(indexOf(size)).pollLast();
            if (bytes != null) {
                idleBytes -= size;
                return bytes;
            }
        } finally {
            lock.unlock();
        }
        try {
            return ByteBuffer.allocateDirect(size);
        } catch (OutOfMemoryError noDirectMemory) {
            return null;
        }
    }

    void takeBack(ByteBuffer bytes) {
        int size = bytes.capacity();
        if (size <= LARGEST) {
            lock.lock();
            try {
                idleBytes += size;
                idle.get(indexOf(size)).addLast(bytes.clear());
                trim();
            } finally {
                lock.unlock();
            }
        }
        freeUnits.release(unitsOf(size));
    }

    /** Idle and lent buffers together stay within the limit; what is dropped is freed by the garbage collector. */
    @GuardedBy("lock")
    private void trim() {
        long room = (long) freeUnits.availablePermits() * UNIT + LARGEST;
        for (int i = 0; i < SIZES.length && idleBytes > room; i++) {
            while (idleBytes > room && idle.get(i).pollFirst() != null) {
                idleBytes -= SIZES[i];
            }
        }
    }

    private static int unitsOf(int size) {
        return size == SMALLEST ? 0 : (size + UNIT - 1) / UNIT;
    }

    /** The size that is lent for so many bytes. */
    static int sizeFor(int bytes) {
        for (int size : SIZES) {
            if (bytes <= size) {
                return size;
            }
        }
        return bytes;
    }

    private static int indexOf(int size) {
        for (int i = 0; i < SIZES.length; i++) {
            if (SIZES[i] == size) {
                return i;
            }
        }
        throw new IllegalStateException("no such size " + size);
    }
}
