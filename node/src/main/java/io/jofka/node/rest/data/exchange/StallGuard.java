package io.jofka.node.rest.data.exchange;

import io.jofka.node.common.Clock;
import io.jofka.node.rest.data.json.JsonOut;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Cuts the connections of readers that do not read: a blocking write has no timeout of its own, and a reader that
 * stands still would keep its place for ever. One thread looks at all writes in progress once a second; interrupting a
 * virtual thread in a socket write closes the socket. Thread-safe.
 */
public final class StallGuard implements AutoCloseable {
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long IDLE = Long.MIN_VALUE;

    private final Clock clock;
    private final long limitNanos;
    private final Set<Writing> open = ConcurrentHashMap.newKeySet();
    private final Thread watcher;
    private volatile boolean closed;

    public StallGuard(Clock clock, Duration limit) {
        this.clock = clock;
        this.limitNanos = limit.toNanos();
        this.watcher = Thread.ofVirtual().name("rest-stall-guard").unstarted(this::watch);
    }

    /** Begins to watch. */
    public void start() {
        watcher.start();
    }

    /** The stream under guard, for the calling thread, which must be a virtual one. */
    public Writing open(OutputStream stream) {
        return open(stream, Thread.currentThread());
    }

    /** The stream under guard, for {@code owner}, a virtual thread. */
    public Writing open(OutputStream stream, Thread owner) {
        Writing writing = new Writing(stream, owner);
        open.add(writing);
        return writing;
    }

    public boolean isClosed() {
        return closed;
    }

    private void watch() {
        while (!closed) {
            long now = clock.nanos();
            for (Writing writing : open) {
                if (writing.stalled(now)) {
                    writing.owner.interrupt();
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Ends all guarded streams: their owners are interrupted, which ends waits and writes. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
        open.forEach(writing -> writing.owner.interrupt());
    }

    /** Sends all of {@code out} and empties it. */
    public static void write(OutputStream to, JsonOut out) {
        if (out.length() == 0) {
            return;
        }
        try {
            to.write(out.array(), 0, out.length());
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.length(0);
    }

    /** A guarded stream. One thread writes. */
    public final class Writing extends OutputStream {
        private final OutputStream stream;
        private final Thread owner;
        private volatile long since = IDLE;
        private volatile long demandedSince = clock.nanos();
        private volatile boolean patient;
        private long slowestNanos;

        private Writing(OutputStream stream, Thread owner) {
            this.stream = stream;
            this.owner = owner;
        }

        /** While patient, a write may last: its reader is busy sending. Any thread. */
        public void patient(boolean wanted) {
            if (patient && !wanted) {
                demandedSince = clock.nanos();
            }
            patient = wanted;
        }

        private boolean stalled(long now) {
            long begun = since;
            return !patient && begun != IDLE && now - Math.max(begun, demandedSince) > limitNanos;
        }

        /** The longest write so far. */
        public long slowestNanos() {
            return slowestNanos;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int size) throws IOException {
            long start = clock.nanos();
            since = start;
            try {
                stream.write(bytes, from, size);
            } finally {
                since = IDLE;
                slowestNanos = Math.max(slowestNanos, clock.nanos() - start);
            }
        }

        @Override
        public void flush() throws IOException {
            since = clock.nanos();
            try {
                stream.flush();
            } finally {
                since = IDLE;
            }
        }

        @Override
        public void close() {
            open.remove(this);
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
