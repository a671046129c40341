package io.jofka.node.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Connection to one port of another node; made when needed, kept, and made anew soon after it broke or when it says nothing
 * for too long. Thread-safe.
 *
 * <p>A stream of a control call is never reset: the server there ends a whole connection over resets
 * (docs/decisions/0014-no-resets.md). The caller's future ends at its deadline, the stream a moment later by the server's
 * clock. Streams that do not end so belong to a connection that is dead, and end with it.
 */
final class PeerChannel {
    private static final int CONNECT_MS = 1_000;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WINDOW_BYTES = 4 << 20;
    private static final int KEEP_ALIVE_S = 10;
    private static final int KEEP_ALIVE_TIMEOUT_S = 5;

    /** A connection is given up after so many calls in a row that went unanswered ... */
    private static final int SILENT_CALLS = 3;

    /** ... when it is silent still so long after the first of them; the server's clock answers within that time. */
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final boolean control;
    private final Executor threads;
    private final ScheduledExecutorService timers;
    private final Supplier<ManagedChannel> maker;
    private final AtomicLong retriedNanos = new AtomicLong(System.nanoTime() - RETRY_NANOS);
    private volatile Line line;
    private volatile boolean closed;

    /** One connection and what is heard on it. */
    private static final class Line {
        private final ManagedChannel channel;

        @GuardedBy("this")
        private int unanswered;

        @GuardedBy("this")
        private long silentNanos;

        Line(ManagedChannel channel) {
            this.channel = channel;
        }

        synchronized void heard() {
            unanswered = 0;
        }

        /** Counts a call that was not answered; true when the connection is to be given up. */
        synchronized boolean isDead(long now) {
            if (unanswered++ == 0) {
                silentNanos = now;
            }
            return unanswered >= SILENT_CALLS && now - silentNanos >= SILENT_NANOS;
        }
    }

    PeerChannel(
            String name,
            PeerNet.Target target,
            boolean control,
            int maxBytes,
            EventLoopGroup loops,
            Executor threads,
            ScheduledExecutorService timers) {
        this.name = name;
        this.control = control;
        this.threads = threads;
        this.timers = timers;
        this.maker = () -> NettyChannelBuilder.forAddress(target.host(), target.port())
                .usePlaintext()
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .withOption(ChannelOption.TCP_NODELAY, true)
                .executor(threads)
                .maxInboundMessageSize(maxBytes)
                .flowControlWindow(WINDOW_BYTES)
                .keepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_S, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .build();
        this.line = new Line(maker.get());
    }

    CompletableFuture<byte[]> call(Ask ask, int timeoutMs) {
        Line used = line;
        reconnect(used.channel);
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        CallOptions options = CallOptions.DEFAULT;
        if (control) {
            ScheduledFuture<?> timer = timers.schedule(
                    () -> threads.execute(() -> timeOver(used, future)), timeoutMs, TimeUnit.MILLISECONDS);
            var _ = future.whenComplete((_, _) -> timer.cancel(false));
        } else {
            options = options.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
        }
        ClientCalls.asyncUnaryCall(used.channel.newCall(PeerCalls.CALL, options), ask, new Outcome(used, future));
        return future;
    }

    /** Completes the future with what comes; also what comes too late tells that the connection lives. */
    private final class Outcome implements StreamObserver<Answer> {
        private final Line used;
        private final CompletableFuture<byte[]> future;

        Outcome(Line used, CompletableFuture<byte[]> future) {
            this.used = used;
            this.future = future;
        }

        @Override
        public void onNext(Answer answer) {
            used.heard();
            switch (answer.getOutcomeCase()) {
                case BODY -> future.complete(answer.getBody().toByteArray());
                case REJECTED -> future.completeExceptionally(new Net.Rejected(name + ": " + answer.getRejected()));
                case UNKNOWN -> future.completeExceptionally(new Net.Unanswered(name + ": " + answer.getUnknown()));
                case OUTCOME_NOT_SET -> future.complete(new byte[0]);
            }
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure(failure));
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(new Net.Unanswered(name + " answered nothing"));
        }
    }

    private void timeOver(Line used, CompletableFuture<byte[]> future) {
        if (future.completeExceptionally(new Net.Unanswered(name + " did not answer in time"))
                && used.isDead(System.nanoTime())) {
            renew(used);
        }
    }

    /** A connection that was cut is found dead by the system only after minutes. */
    private synchronized void renew(Line dead) {
        if (line == dead && !closed) {
            line = new Line(maker.get());
            dead.channel.shutdownNow();
        }
    }

    /** The library waits longer and longer between attempts; a node that was restarted must be found at once. */
    private void reconnect(ManagedChannel channel) {
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
            case UNIMPLEMENTED, INVALID_ARGUMENT ->
                new Net.Rejected(name + " refused the call: " + status.getDescription());
            // also an answer that is too large: the request was carried out
            default ->
                new Net.Unanswered(name + " did not answer: " + status.getCode()
                        + (status.getDescription() == null ? "" : ", " + status.getDescription()));
        };
    }

    /** Lets calls that wait have their answers; for a node that has moved. */
    void retire() {
        line.channel.shutdown();
        var _ = timers.schedule(this::close, Serving.MAX_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    synchronized void close() {
        closed = true;
        line.channel.shutdownNow();
    }
}
