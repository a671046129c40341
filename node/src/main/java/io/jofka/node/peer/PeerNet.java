package io.jofka.node.peer;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.jofka.node.common.Net;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
    private static final int MAX_CONNECTIONS = 1_024;
    private static final int MAX_TIMEOUT_MS = 120_000;

    private final PeerConfig config;
    private final IntFunction<Optional<PeerAddress>> addresses;
    private final PeerCalls calls;
    private final EventLoopGroup loops = new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("jofka-peer", true));
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jofka-peer-", 0).factory());
    private final Map<Target, PeerChannel> channels = new ConcurrentHashMap<>();
    private final Map<Integer, Semaphore> asking = new ConcurrentHashMap<>();
    private @Nullable WebServer control;
    private @Nullable Server bulk;
    private volatile boolean closed;

    private record Target(int node, String host, int port) {}

    /** @param addresses where a node listens; asked at every call, so it may change */
    public PeerNet(PeerConfig config, IntFunction<Optional<PeerAddress>> addresses) {
        this.config = config;
        this.addresses = addresses;
        this.calls = new PeerCalls(config);
    }

    @Override
    public void serve(Call call, Handler handler) {
        calls.register(call, handler);
    }

    /**
     * Listens from now on.
     *
     * @throws IOException when a port cannot be had; the message names it
     */
    public void open() throws IOException {
        try {
            control = WebServer.builder()
                    .host(config.host())
                    .port(config.port())
                    .connectionOptions(options -> options.tcpNoDelay(true))
                    .maxTcpConnections(MAX_CONNECTIONS)
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
        int wanted = config.bulkPort();
        try {
            bulk = NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), wanted))
                    .bossEventLoopGroup(loops)
                    .workerEventLoopGroup(loops)
                    .channelType(NioServerSocketChannel.class)
                    .executor(threads)
                    .maxInboundMessageSize(config.maxBulkBytes())
                    .flowControlWindow(4 << 20)
                    .addService(calls.service(true))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new BindException("port " + wanted + " of the internal network cannot be had: "
                    + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        }
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
        Semaphore permit = asking.computeIfAbsent(node, _ -> new Semaphore(config.maxAsking()));
        if (!permit.tryAcquire()) {
            return CompletableFuture.failedFuture(new Unreachable("too many calls wait for node " + node + " already"));
        }
        boolean large = PeerCalls.BULK.contains(call);
        PeerAddress to = address.get();
        PeerChannel channel = channels.computeIfAbsent(
                new Target(node, to.host(), large ? to.bulkPort() : to.port()),
                target -> new PeerChannel(
                        node,
                        target.host(),
                        target.port(),
                        large ? config.maxBulkBytes() : config.maxControlBytes(),
                        loops,
                        threads));
        return channel.call(calls.ask(node, call, request), Math.clamp(timeoutMs, 1, MAX_TIMEOUT_MS))
                .whenComplete((_, _) -> permit.release());
    }

    /** Ends all calls and listens no more; returns within about two seconds. */
    @Override
    public void close() {
        closed = true;
        calls.close();
        channels.values().forEach(PeerChannel::close);
        Server second = bulk;
        if (second != null) {
            second.shutdownNow();
        }
        WebServer first = control;
        if (first != null) {
            first.stop();
        }
        var _ = loops.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS);
        threads.shutdown();
    }
}
