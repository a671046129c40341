package io.jofka.node.peer;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.jofka.node.common.Net;
import io.jofka.node.peer.proto.Answer;
import io.jofka.node.peer.proto.Ask;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Connection to one port of another node; made when needed, kept, and made anew soon after it broke. Thread-safe. */
final class PeerChannel {
    private static final int CONNECT_MS = 1_000;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WINDOW_BYTES = 4 << 20;

    private final ManagedChannel channel;
    private final String name;
    private final AtomicLong retriedNanos = new AtomicLong(System.nanoTime() - RETRY_NANOS);

    PeerChannel(int node, String host, int port, int maxBytes, EventLoopGroup loops, Executor threads) {
        this.name = "node " + node + " at " + host + ":" + port;
        this.channel = NettyChannelBuilder.forAddress(host, port)
                .usePlaintext()
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .withOption(ChannelOption.TCP_NODELAY, true)
                .executor(threads)
                .maxInboundMessageSize(maxBytes)
                .flowControlWindow(WINDOW_BYTES)
                .build();
    }

    CompletableFuture<byte[]> call(Ask ask, int timeoutMs) {
        reconnect();
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
        ClientCalls.asyncUnaryCall(channel.newCall(PeerCalls.CALL, options), ask, new StreamObserver<>() {
            @Override
            public void onNext(Answer answer) {
                if (answer.hasRejected()) {
                    future.completeExceptionally(new Net.Rejected(name + ": " + answer.getRejected()));
                } else {
                    future.complete(answer.getBody().toByteArray());
                }
            }

            @Override
            public void onError(Throwable failure) {
                future.completeExceptionally(failure(failure));
            }

            @Override
            public void onCompleted() {
                if (!future.isDone()) {
                    future.completeExceptionally(new Net.Unanswered(name + " answered nothing"));
                }
            }
        });
        return future;
    }

    /** The library waits longer and longer between attempts; a node that was restarted must be found at once. */
    private void reconnect() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            long now = System.nanoTime();
            long last = retriedNanos.get();
            if (now - last >= RETRY_NANOS && retriedNanos.compareAndSet(last, now)) {
                channel.resetConnectBackoff();
            }
        }
    }

    private Net.NetFailure failure(Throwable failure) {
        Status status = switch (failure) {
            case StatusRuntimeException e -> e.getStatus();
            case StatusException e -> e.getStatus();
            default -> Status.UNKNOWN.withCause(failure);
        };
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException)) {
                return new Net.Refused(name + " does not listen: " + cause.getMessage());
            }
            if (cause instanceof ConnectException) {
                return new Net.Unreachable(name + " cannot be reached: " + cause.getMessage());
            }
        }
        return switch (status.getCode()) {
            case RESOURCE_EXHAUSTED, UNIMPLEMENTED, INVALID_ARGUMENT ->
                new Net.Rejected(name + " refused the call: " + status.getDescription());
            default ->
                new Net.Unanswered(name + " did not answer: " + status.getCode()
                        + (status.getDescription() == null ? "" : ", " + status.getDescription()));
        };
    }

    void close() {
        channel.shutdownNow();
    }
}
