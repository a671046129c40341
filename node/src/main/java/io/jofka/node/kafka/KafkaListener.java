package io.jofka.node.kafka;

import io.jofka.node.common.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the Kafka protocol on one port, plain text, one virtual thread for each connection. {@link #bind} takes the port
 * (clients may connect and wait), {@link #start} begins to serve. The methods are for one owner; connections are served
 * on threads of their own.
 */
public final class KafkaListener {
    private static final Logger LOG = System.getLogger("io.jofka.kafka");
    private static final int BACKLOG = 1024;
    private static final long REAPER_STEP_MS = 250;
    private static final long ACCEPT_PAUSE_MS = 100;

    private final KafkaConfig config;
    private final Clock clock;
    private final ListenerMetrics metrics;
    private final ReasonLog log;
    private final Shared shared;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ServerSocketChannel server;

    /** Opens no port yet; fails only when the system has no socket to give. */
    public KafkaListener(KafkaConfig config, ApiTable apis, Clock clock, MeterRegistry registry) throws IOException {
        this.config = config;
        this.clock = clock;
        this.metrics = new ListenerMetrics(registry, apis, clock);
        this.log = new ReasonLog(clock);
        KafkaLimits limits = config.limits();
        BufferPool requests = new BufferPool(limits.requestBytes());
        BufferPool responses = new BufferPool(limits.responseBytes());
        this.shared = new Shared(apis, limits, clock, requests, responses, metrics, log, this::ended);
        this.server = ServerSocketChannel.open();
        metrics.gauge(registry, "jofka.kafka.connections", "Open connections", open::get);
        metrics.gauge(registry, "jofka.kafka.request.memory.bytes", "Memory lent to requests", requests::lentBytes);
        metrics.gauge(
                registry, "jofka.kafka.request.memory.waiting", "Connections waiting for memory", requests::waiting);
    }

    /** Takes the port; from now on {@link #port} answers. */
    public void bind() throws IOException {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(config.host(), config.port()), BACKLOG);
    }

    /** The port that is listened on. */
    public int port() throws IOException {
        return server.getLocalAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    /** Begins to accept. */
    public void start() {
        Thread.ofVirtual().name("kafka-accept").start(this::accept);
        Thread.ofVirtual().name("kafka-reaper").start(this::reap);
    }

    /** Open connections at this moment. */
    public int connections() {
        return open.get();
    }

    /** Accepts no more, answers what is being served for at most {@code drainMs}, then closes everything. */
    public void stop(int drainMs) throws InterruptedException {
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "closing the Kafka port failed", e);
        }
        long deadline = clock.nanos() + drainMs * 1_000_000L;
        connections.forEach(Connection::drain);
        while (open.get() > 0 && clock.nanos() < deadline) {
            if (stopped.await(5, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        connections.forEach(Connection::abort);
        stopped.countDown();
    }

    private void accept() {
        while (true) {
            try {
                admit(server.accept());
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                log.note("the Kafka port cannot accept a connection", e);
                if (pause(ACCEPT_PAUSE_MS)) {
                    return;
                }
            }
        }
    }

    private void admit(SocketChannel channel) {
        if (open.incrementAndGet() > config.limits().maxConnections()) {
            open.decrementAndGet();
            metrics.connectionRefused();
            log.note("Kafka connection refused: " + config.limits().maxConnections() + " are open", null);
            close(channel);
            return;
        }
        Connection connection = null;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            connection = new Connection(channel, name(channel.getRemoteAddress()), shared);
        } catch (IOException goneAlready) {
            open.decrementAndGet();
            close(channel);
        }
        if (connection != null) {
            metrics.connectionAccepted();
            connections.add(connection);
            Thread.ofVirtual().name("kafka-connection").start(connection);
            if (!server.isOpen()) {
                connection.drain();
            }
        }
    }

    private static String name(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress() + ":" + internet.getPort()
                : address.toString();
    }

    private void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.note("closing a connection failed", e);
        }
    }

    private void ended(Connection connection) {
        if (connections.remove(connection)) {
            open.decrementAndGet();
        }
    }

    private void reap() {
        while (!pause(REAPER_STEP_MS)) {
            long now = clock.nanos();
            connections.forEach(connection -> connection.checkTimes(now));
        }
    }

    /** True when the listener has stopped. */
    private boolean pause(long ms) {
        try {
            return stopped.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
