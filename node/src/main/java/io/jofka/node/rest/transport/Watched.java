package io.jofka.node.rest.transport;

import io.jofka.node.common.Clock;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;

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
            case BUSY -> nowNanos - sinceNanos > quietNanos || (reading && nowNanos - readingSinceNanos > readNanos);
            case IDLE, OTHER -> false;
        };
    }

    InputStream watch(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                begin();
                try {
                    return in.read();
                } finally {
                    end();
                }
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                begin();
                try {
                    return in.read(target, offset, length);
                } finally {
                    end();
                }
            }

            private void begin() {
                readingSinceNanos = clock.nanos();
                reading = true;
            }

            private void end() {
                reading = false;
                progress();
            }
        };
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
