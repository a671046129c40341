package io.jofka.node.kafka;

import io.jofka.node.common.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into requests. One read takes as much as is there, so that requests sent together cost
 * one system call; they are handed out as views of the same chunk, without a copy. Chunks grow and shrink with what the
 * connection does. A chunk grows only as bytes arrive until the client has sent one good request: a declared length alone
 * reserves nothing. Owned by the connection's thread; {@link #deadlineNanos} and {@link #idleSinceNanos} may be read by
 * any thread.
 */
final class Inbound {
    static final long NEVER = Long.MAX_VALUE;

    private static final int LENGTH_BYTES = 4;
    private static final int SMALLEST_FRAME = 8;
    private static final int USUAL_CHUNK = 128 << 10;
    private static final int HEAP_READ_STEP = 128 << 10;
    private static final int CHEAP_MOVE = 16 << 10;
    private static final int QUIET_READS = 64;
    private static final long BYTES_PER_SECOND = 64 << 10;

    private final SocketChannel channel;
    private final BufferPool pool;
    private final KafkaLimits limits;
    private final Clock clock;

    private @Nullable Chunk chunk;
    private int start;
    private int end;
    private int wanted = BufferPool.SMALLEST;
    private int quietReads;
    private boolean trusted;
    private long frameSinceNanos;
    private int idleReserved;

    private volatile long deadlineNanos = NEVER;
    private volatile long idleSinceNanos;

    Inbound(SocketChannel channel, BufferPool pool, KafkaLimits limits, Clock clock) {
        this.channel = channel;
        this.pool = pool;
        this.limits = limits;
        this.clock = clock;
        this.idleSinceNanos = clock.nanos();
    }

    /** When the request that is being received must be complete; {@link #NEVER} while none is. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** A good request came: from now on its kind of frame limit applies and declared lengths are believed. */
    void trust() {
        trusted = true;
    }

    /** The next complete request, or null when more bytes are needed. The caller releases it. */
    @Nullable
    Frame next() {
        Chunk current = chunk;
        if (current == null || end - start < LENGTH_BYTES) {
            return null;
        }
        int length = current.bytes().getInt(start);
        checkLength(length, current.bytes());
        if (end - start - LENGTH_BYTES < length) {
            return null;
        }
        ByteBuffer body = current.bytes().slice(start + LENGTH_BYTES, length);
        start += LENGTH_BYTES + length;
        if (deadlineNanos != NEVER) {
            deadlineNanos = NEVER;
        }
        return new Frame(body, current.retain());
    }

    private void checkLength(int length, ByteBuffer bytes) {
        if (length < SMALLEST_FRAME || length > limits.maxFrameBytes()) {
            throw new ProtocolViolation(Foreign.describe(length, bytes, start, end));
        }
        if (!trusted && length > limits.maxFirstFrameBytes()) {
            throw new ProtocolViolation("first request of " + length + " bytes is over " + limits.maxFirstFrameBytes()
                    + "; " + Foreign.describe(length, bytes, start, end));
        }
        if (length > limits.maxControlFrameBytes() && end - start >= LENGTH_BYTES + 2) {
            short key = bytes.getShort(start + LENGTH_BYTES);
            if (key != ApiKeys.PRODUCE.id) {
                throw new ProtocolViolation("request of " + length + " bytes with api key " + key + " is over "
                        + limits.maxControlFrameBytes());
            }
        }
    }

    /** Blocks for more bytes; false when the client has sent its last. Call only when {@link #next} gave null. */
    boolean fill() throws IOException, InterruptedException {
        int count;
        boolean filled;
        try {
            Chunk target = makeRoom();
            ByteBuffer bytes = target.bytes();
            int room = bytes.isDirect() ? bytes.capacity() : Math.min(bytes.capacity(), end + HEAP_READ_STEP);
            bytes.limit(room).position(end);
            noteWait();
            count = channel.read(bytes);
            filled = end + count == bytes.capacity();
        } finally {
            endIdle();
        }
        if (count < 0) {
            return false;
        }
        end += count;
        adapt(count, filled);
        return true;
    }

    private void noteWait() {
        long now = clock.nanos();
        if (end == start) {
            idleSinceNanos = now;
        } else {
            if (deadlineNanos == NEVER) {
                frameSinceNanos = now;
            }
            long bytes = neededBytes();
            long allowedMs = limits.frameMs() + bytes * 1000 / BYTES_PER_SECOND;
            long deadline = frameSinceNanos + allowedMs * 1_000_000;
            if (deadlineNanos != deadline) {
                deadlineNanos = deadline;
            }
        }
    }

    /** Bytes of the request that is being received, with its length field; of its length field while that is not there. */
    private int neededBytes() {
        Chunk current = chunk;
        return current == null || end - start < LENGTH_BYTES
                ? LENGTH_BYTES
                : LENGTH_BYTES + current.bytes().getInt(start);
    }

    private void adapt(int count, boolean filled) {
        if (filled && wanted < USUAL_CHUNK) {
            wanted = Math.min(USUAL_CHUNK, wanted * 8);
            quietReads = 0;
        } else if (count > wanted / 8) {
            quietReads = 0;
        } else if (++quietReads >= QUIET_READS) {
            wanted = count <= BufferPool.SMALLEST ? BufferPool.SMALLEST : Math.max(BufferPool.SMALLEST, wanted / 4);
            quietReads = 0;
        }
    }

    /** A chunk with free bytes behind {@code end}, and as many as the request needs where its length is believed. */
    private Chunk makeRoom() throws InterruptedException {
        Chunk current = chunk;
        int pending = end - start;
        if (current == null || pending == 0) {
            return makeRoomForNothing(current);
        }
        int needed = neededBytes();
        boolean believe = trusted || pending >= BufferPool.LARGEST / 2;
        int believed = believe ? needed : Math.min(needed, Math.max(2 * pending, BufferPool.SMALLEST));
        int free = current.capacity() - end;
        boolean fits = current.capacity() - start >= believed;
        if (fits && free > 0 && (free >= current.capacity() / 4 || pending > CHEAP_MOVE || !current.exclusive())) {
            return current;
        }
        if (current.exclusive() && current.capacity() >= Math.max(believed, wanted) && start > 0) {
            current.bytes().limit(end).position(start);
            current.bytes().compact();
            start = 0;
            end = pending;
            return current;
        }
        wanted = Math.max(wanted, Math.min(believed, BufferPool.LARGEST));
        return replace(current, pending, Math.max(believed, wanted));
    }

    /** The buffer to be idle with: the usual one while few connections do so, else the smallest, which is never counted. */
    private Chunk makeRoomForNothing(@Nullable Chunk current) throws InterruptedException {
        int usual = BufferPool.sizeFor(Math.min(wanted, USUAL_CHUNK));
        if (current != null) {
            int capacity = current.capacity();
            boolean fits = capacity >= usual && capacity / 4 <= usual && capacity <= USUAL_CHUNK;
            boolean free = current.exclusive() || capacity - end >= capacity / 2;
            if (fits && free && reserveIdle(capacity)) {
                if (current.exclusive()) {
                    start = 0;
                    end = 0;
                }
                return current;
            }
        }
        return replace(current, 0, reserveIdle(usual) ? usual : BufferPool.SMALLEST);
    }

    private boolean reserveIdle(int bytes) {
        if (bytes == BufferPool.SMALLEST) {
            return true;
        }
        if (!pool.reserveIdle(bytes)) {
            return false;
        }
        idleReserved = bytes;
        return true;
    }

    private void endIdle() {
        if (idleReserved > 0) {
            pool.endIdle(idleReserved);
            idleReserved = 0;
        }
    }

    private Chunk replace(@Nullable Chunk current, int pending, int bytes) throws InterruptedException {
        if (current != null && pending == 0) {
            chunk = null;
            start = 0;
            end = 0;
            current.release();
        }
        Chunk fresh = pool.acquire(bytes, limits.frameMs());
        if (fresh == null) {
            throw new ProtocolViolation("no memory for a request within " + limits.frameMs() + " ms");
        }
        if (current != null && pending > 0) {
            fresh.bytes().clear().put(0, current.bytes(), start, pending);
            current.release();
        }
        chunk = fresh;
        start = 0;
        end = pending;
        return fresh;
    }

    /** Gives the memory back. */
    void close() {
        Chunk current = chunk;
        chunk = null;
        if (current != null) {
            current.release();
        }
    }
}
