package io.jofka.node.live;

import io.jofka.node.common.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Counts open streams and ends those whose reader takes nothing any more: a blocked write on a virtual thread ends, and
 * closes its socket, when the thread is interrupted. Thread-safe; {@link #sweep} is called about once a second.
 */
public final class StreamGuard {
    private final Clock clock;
    private final long stalledNanos;
    private final int maxStreams;
    private final Semaphore free;
    private final Map<Thread, Long> writing = new ConcurrentHashMap<>();

    public StreamGuard(Clock clock, LiveConfig config) {
        this.clock = clock;
        this.stalledNanos = TimeUnit.MILLISECONDS.toNanos(config.stalledMs());
        this.maxStreams = config.maxStreams();
        this.free = new Semaphore(config.maxStreams());
    }

    /** Takes a place for a stream; false when all are taken. */
    boolean open() {
        return free.tryAcquire();
    }

    void close() {
        free.release();
    }

    /** Streams that are open now. */
    public int openStreams() {
        return maxStreams - free.availablePermits();
    }

    /** Runs a write that may block; it fails when it is blocked for too long. */
    void write(Write write) throws java.io.IOException {
        Thread me = Thread.currentThread();
        writing.put(me, clock.nanos());
        try {
            write.run();
        } finally {
            writing.remove(me);
        }
    }

    /** Ends the writes that are blocked for too long. */
    public void sweep() {
        long now = clock.nanos();
        writing.forEach((thread, since) -> {
            if (now - since > stalledNanos) {
                thread.interrupt();
            }
        });
    }

    /** A write to a connection. */
    @FunctionalInterface
    interface Write {
        void run() throws java.io.IOException;
    }
}
