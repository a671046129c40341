package io.jofka.node.rest.transport;

import io.jofka.node.common.Clock;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * One connection as the guard sees it. Written by the connection's own thread, read by the sweep: each field is volatile,
 * and a sweep that sees a moment between two writes only comes a second too late.
 */
final class Watched {
    /** What the connection is doing. */
    enum State {
        /** The headers of a request are awaited and must come soon. */
        HEAD,
        /** A request is worked on. */
        BUSY,
        /** The next request is awaited; the web server ends this after its idle time. */
        IDLE,
        /** Not HTTP/1.1: the web server's own limits hold. */
        OTHER
    }

    final SocketChannel channel;

    private final Clock clock;
    private volatile State state = State.HEAD;
    private volatile long sinceNanos;
    private volatile long readingSinceNanos;
    private volatile boolean reading;
    private volatile int minBodyRate;
    private volatile long waitedNanos;
    private volatile long bodyBytes;

    Watched(SocketChannel channel, Clock clock) {
        this.channel = channel;
        this.clock = clock;
        this.sinceNanos = clock.nanos();
    }

    void enter(State next) {
        if (state != State.OTHER) {
            sinceNanos = clock.nanos();
            state = next;
        }
    }

    private void progress() {
        sinceNanos = clock.nanos();
    }

    /** Whether the caller has been too slow for the limits. */
    boolean isOverdue(long nowNanos, long headNanos, long readNanos, long quietNanos) {
        return switch (state) {
            case HEAD -> nowNanos - sinceNanos > headNanos;
            case BUSY -> nowNanos - sinceNanos > quietNanos || (reading && tooSlow(nowNanos, readNanos));
            case IDLE, OTHER -> false;
        };
    }

    private boolean tooSlow(long nowNanos, long readNanos) {
        long silent = nowNanos - readingSinceNanos;
        long waited = waitedNanos + silent;
        return silent > readNanos
                || (waited > readNanos && bodyBytes < minBodyRate * (waited / TimeUnit.SECONDS.toNanos(1)));
    }

    /** {@code minRate} in bytes per second; 0 for none. */
    InputStream watch(InputStream in, int minRate) {
        minBodyRate = minRate;
        waitedNanos = 0;
        bodyBytes = 0;
        return new WatchedBody(in, this);
    }

    void begin() {
        readingSinceNanos = clock.nanos();
        reading = true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void end(int bytes) {
        reading = false;
        waitedNanos += clock.nanos() - readingSinceNanos;
        bodyBytes += Math.max(0, bytes);
        progress();
    }

    OutputStream watch(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int one) throws IOException {
                out.write(one);
                progress();
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                out.write(source, offset, length);
                progress();
            }

            @Override
            public void flush() throws IOException {
                out.flush();
                progress();
            }
        };
    }
}
