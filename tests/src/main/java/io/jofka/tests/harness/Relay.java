package io.jofka.tests.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A port that passes bytes on to another one, and can hold them back or delay them, each way by itself. What is held back
 * arrives when the way is open again, as with TCP on a network that was cut, unless the connections are broken first.
 * While nobody listens behind it, it does not listen either, so that callers see what they would see without it.
 * Thread-safe.
 */
final class Relay implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES = 64;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int CONNECT_MS = 1_000;

    /** One way through the relay. */
    private static final class Way {
        private boolean open = true;
        private volatile long delayNanos;

        synchronized void open(boolean now) {
            open = now;
            notifyAll();
        }

        synchronized void await() throws InterruptedException {
            while (!open) {
                wait();
            }
        }
    }

    private record Piece(byte[] bytes, long dueNanos) {
        /** Nothing more comes. */
        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    private final int port;
    private final int behind;
    private final Way there = new Way();
    private final Way back = new Way();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Listens at {@code port} of the loopback from soon on and passes on to {@code behind}. */
    Relay(int port, int behind) {
        this.port = port;
        this.behind = behind;
        Thread.ofVirtual().name("relay-" + port).start(this::run);
    }

    /** Whether bytes of callers pass, and those of the one behind. */
    void pass(boolean callers, boolean answers) {
        there.open(callers);
        back.open(answers);
    }

    /** How much later than without the relay bytes arrive, each way. */
    void delay(Duration delay) {
        there.delayNanos = delay.toNanos();
        back.delayNanos = delay.toNanos();
    }

    /** Ends all connections; what was held back is lost. */
    void breakConnections() {
        sockets.forEach(Relay::reset);
    }

    @Override
    public void close() {
        closed = true;
        breakConnections();
    }

    private void run() {
        while (!closed) {
            if (!listens()) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                continue;
            }
            try (ServerSocket server = new ServerSocket()) {
                server.setReuseAddress(true);
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                server.setSoTimeout((int) LOOK_AGAIN.toMillis());
                accept(server);
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException("relay at " + port, e);
                }
            }
        }
    }

    /** Until nobody listens behind any more. */
    private void accept(ServerSocket server) throws IOException {
        while (!closed) {
            Socket caller;
            try {
                caller = server.accept();
            } catch (java.net.SocketTimeoutException e) {
                if (listens()) {
                    continue;
                }
                return;
            }
            Socket target = new Socket();
            try {
                target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind), CONNECT_MS);
            } catch (IOException e) {
                reset(caller);
                reset(target);
                return;
            }
            caller.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            sockets.add(caller);
            sockets.add(target);
            pump(caller, target, there);
            pump(target, caller, back);
        }
    }

    /** By the system's table, since a connection made to find out would be one more that the node must serve. */
    private boolean listens() {
        return Listeners.has(behind);
    }

    private void pump(Socket from, Socket to, Way way) {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
        Thread.ofVirtual().start(() -> read(from, way, pieces));
        Thread.ofVirtual().start(() -> write(from, to, way, pieces));
    }

    private static void read(Socket from, Way way, BlockingQueue<Piece> pieces) {
        try {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[PIECE_BYTES];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    pieces.put(new Piece(Arrays.copyOf(buffer, n), System.nanoTime() + way.delayNanos));
                }
            } catch (IOException e) {
                // the connection is over
            }
            pieces.put(new Piece(new byte[0], System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Socket from, Socket to, Way way, BlockingQueue<Piece> pieces) {
        try {
            OutputStream out = to.getOutputStream();
            while (true) {
                Piece piece = pieces.take();
                for (long left = piece.dueNanos() - System.nanoTime(); left > 0; ) {
                    LockSupport.parkNanos(left);
                    left = piece.dueNanos() - System.nanoTime();
                }
                way.await();
                if (piece.isEnd()) {
                    break;
                }
                out.write(piece.bytes());
            }
        } catch (IOException e) {
            // the connection is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.remove(from);
        sockets.remove(to);
        reset(from);
        reset(to);
        // the reader may wait for space
        pieces.clear();
    }

    private static void reset(Socket socket) {
        try (socket) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // it is closed
        }
    }
}
