package io.jofka.node.peer;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.jofka.node.common.Net;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Net} over gRPC. Control calls are served by Helidon, bulk calls by Netty on a port of their own
 * (docs/decisions/0013-bulk-over-netty.md); the asking side is Netty for both. Thread-safe. Life: {@link #serve} for every
 * kind, {@link #open}, calls, {@link #close}.
 */
public final class PeerNet implements Net, AutoCloseable {
    private static final int LOOPS = 2;
    private static final int CLOSE_MS = 1_000;
    private static final int HANDSHAKE_S = 5;
    private static final int KEEP_ALIVE_S = 30;
    private static final int KEEP_ALIVE_TIMEOUT_S = 10;
    private static final int PERMITTED_KEEP_ALIVE_S = 5;

    private final PeerConfig config;
    private final IntFunction<Optional<PeerAddress>> addresses;
    private final PeerCalls calls;
    private final EventLoopGroup loops = new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("jofka-peer", true));
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jofka-peer-", 0).factory());
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("jofka-peer-timer").daemon().factory());
    private final Map<Port, Known> channels = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<Integer, Semaphore> asking = new ConcurrentHashMap<>();
    private @Nullable WebServer control;
    private @Nullable Server bulk;
    private volatile boolean closed;

    /** Which port of which node. */
    private record Port(int node, boolean bulk) {}

    /** Where that is. */
    record Target(String host, int port) {}

    private record Known(Target target, PeerChannel channel) {}

    /** @param addresses where a node listens; asked at every call, so it may change */
    public PeerNet(PeerConfig config, IntFunction<Optional<PeerAddress>> addresses) {
        this.config = config;
        this.addresses = addresses;
        this.timers.setRemoveOnCancelPolicy(true);
        this.calls = new PeerCalls(config, timers);
    }

    @Override
    public void serve(Call call, Handler handler) {
        calls.register(call, handler);
    }

    /**
     * Listens from now on.
     *
     * @throws IOException when a port cannot be had; the message names it, and the other one is free again
     */
    public void open() throws IOException {
        WebServer first = openControl();
        try {
            bulk = openBulk();
            control = first;
        } catch (IOException e) {
            first.stop();
            throw new BindException("port " + config.bulkPort() + " of the internal network cannot be had: "
                    + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        }
    }

    private WebServer openControl() throws BindException {
        try {
            return WebServer.builder()
                    .host(config.host())
                    .port(config.port())
                    .connectionOptions(options -> options.tcpNoDelay(true))
                    .maxTcpConnections(config.maxConnections())
                    .shutdownGracePeriod(Duration.ofMillis(CLOSE_MS))
                    .addProtocol(GrpcConfig.builder()
                            .maxReadBufferSize(config.maxControlBytes())
                            .build())
                    .addRouting(GrpcRouting.builder().service(calls.service(false)))
                    .build()
                    .start();
        } catch (RuntimeException e) {
            throw new BindException("port " + config.port() + " of the internal network cannot be had: "
                    + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        }
    }

    private Server openBulk() throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.bulkPort()))
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelFactory(() -> new BoundedServerChannel(config.maxConnections()))
                .executor(threads)
                .maxInboundMessageSize(config.maxBulkBytes())
                .flowControlWindow(4 << 20)
                .handshakeTimeout(HANDSHAKE_S, TimeUnit.SECONDS)
                .keepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_S, TimeUnit.SECONDS)
                .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_S, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(calls.service(true))
                .build()
                .start();
    }

    /** Where this node listens; only after {@link #open}. */
    public PeerAddress address() {
        WebServer first = control;
        Server second = bulk;
        if (first == null || second == null) {
            throw new IllegalStateException("not open");
        }
        return new PeerAddress(config.host(), first.port(), second.getPort());
    }

    @Override
    public CompletableFuture<byte[]> call(int node, Call call, byte[] request, int timeoutMs) {
        if (closed) {
            return CompletableFuture.failedFuture(new Unreachable("this node is shutting down"));
        }
        Optional<PeerAddress> address = addresses.apply(node);
        if (address.isEmpty()) {
            return CompletableFuture.failedFuture(new Unreachable("node " + node + " has no known address"));
        }
        if (request.length > calls.maxBodyBytes(call)) {
            return CompletableFuture.failedFuture(
                    new Rejected("a request of " + request.length + " bytes is too large"));
        }
        Semaphore permit = asking.computeIfAbsent(node, _ -> new Semaphore(config.maxAsking()));
        if (!permit.tryAcquire()) {
            return CompletableFuture.failedFuture(new Unreachable("too many calls wait for node " + node + " already"));
        }
        int patienceMs = Math.clamp(timeoutMs, 1, Serving.MAX_TIMEOUT_MS);
        CompletableFuture<byte[]> answer;
        try {
            answer = channel(node, PeerCalls.BULK.contains(call), address.get())
                    .call(calls.ask(node, call, request, patienceMs), patienceMs);
        } catch (RejectedExecutionException e) {
            permit.release();
            return CompletableFuture.failedFuture(new Unreachable("this node is shutting down"));
        }
        long id = lastCall.incrementAndGet();
        waiting.put(id, answer);
        var _ = answer.whenComplete((_, _) -> {
            waiting.remove(id);
            permit.release();
        });
        if (closed) {
            end(answer);
        }
        return answer;
    }

    /** A node that is elsewhere than before gets a new connection; the old one ends when its last call has. */
    private PeerChannel channel(int node, boolean large, PeerAddress address) {
        Target target = new Target(address.host(), large ? address.bulkPort() : address.port());
        Port port = new Port(node, large);
        Known known = channels.get(port);
        if (known != null && known.target().equals(target)) {
            return known.channel();
        }
        return channels.compute(port, (_, before) -> {
                    if (before != null && before.target().equals(target)) {
                        return before;
                    }
                    if (before != null) {
                        before.channel().retire();
                    }
                    return new Known(target, connection(node, large, target));
                })
                .channel();
    }

    private PeerChannel connection(int node, boolean large, Target target) {
        return new PeerChannel(
                "node " + node + " at " + target.host() + ":" + target.port(),
                target,
                !large,
                large ? config.maxBulkBytes() : config.maxControlBytes(),
                loops,
                threads,
                timers);
    }

    private static void end(CompletableFuture<byte[]> answer) {
        answer.completeExceptionally(new Unanswered("this node is shutting down"));
    }

    /** Ends all calls and listens no more; returns within about two seconds. */
    @Override
    public void close() {
        closed = true;
        calls.close();
        channels.values().forEach(known -> known.channel().close());
        Server second = bulk;
        if (second != null) {
            second.shutdownNow();
        }
        WebServer first = control;
        if (first != null) {
            first.stop();
        }
        // the threads that would tell them end here
        waiting.values().forEach(PeerNet::end);
        timers.shutdownNow();
        var _ = loops.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS);
        threads.shutdown();
    }
}
