package io.jofka.tests.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One plain connection to a server, for bytes that no client library would send. */
final class Wire implements AutoCloseable {
    private static final Duration BETWEEN_DRIPS = Duration.ofMillis(500);

    private final Socket socket;

    Wire(InetSocketAddress address) {
        try {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, 10_000);
        } catch (IOException e) {
            throw new UncheckedIOException("the server takes no connection", e);
        }
    }

    /** What came back: the bytes, and whether the server closed the connection within the deadline. */
    record Reply(byte[] bytes, boolean closed) {}

    /** Something that sends bytes. */
    interface Sender {
        void to(OutputStream out) throws IOException;
    }

    /**
     * Sends from a thread of its own (a server may answer and close before it has read all), then reads until the
     * server closes, until {@code enough} holds, or until the deadline.
     */
    Reply exchange(Sender sender, Duration deadline, java.util.function.Predicate<byte[]> enough) {
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                sender.to(socket.getOutputStream());
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // the server did not want more
            }
        });
        try {
            return read(deadline, enough);
        } finally {
            close();
            join(sending);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply read(Duration deadline, java.util.function.Predicate<byte[]> enough) {
        long end = System.nanoTime() + deadline.toNanos();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = socket.getInputStream();
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return new Reply(all.toByteArray(), false);
                }
                socket.setSoTimeout((int) left);
                int n = in.read(buffer);
                if (n < 0) {
                    return new Reply(all.toByteArray(), true);
                }
                all.write(buffer, 0, n);
                if (enough.test(all.toByteArray())) {
                    return new Reply(all.toByteArray(), false);
                }
            }
        } catch (SocketTimeoutException e) {
            return new Reply(all.toByteArray(), false);
        } catch (IOException e) {
            return new Reply(all.toByteArray(), true);
        }
    }

    /** Sends the same few bytes again and again, slowly, until the connection is gone. */
    static void drip(OutputStream out, byte[] drop) throws IOException {
        while (true) {
            out.write(drop);
            out.flush();
            LockSupport.parkNanos(BETWEEN_DRIPS.toNanos());
        }
    }

    void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }
}
