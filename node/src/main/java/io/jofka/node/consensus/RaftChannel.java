package io.jofka.node.consensus;

import io.jofka.node.common.Net;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;
import org.apache.kafka.raft.RaftUtil;

/**
 * The engine's way to the other nodes. What fails is answered with an error message of the protocol, since the engine
 * ends on an exception. Thread-safe.
 */
final class RaftChannel implements NetworkChannel {
    /** As the engine's own patience with a request. */
    static final int TIMEOUT_MS = 2_000;

    private final Net net;
    private final AtomicInteger correlation = new AtomicInteger();

    RaftChannel(Net net) {
        this.net = net;
    }

    @Override
    public int newCorrelationId() {
        return correlation.incrementAndGet();
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        ApiMessage data = request.data();
        short apiKey = data.apiKey();
        return net.call(Members.id(request.destination()), Net.Call.RAFT, RaftWire.request(data), TIMEOUT_MS)
                .thenApply(bytes -> RaftWire.readResponse(apiKey, bytes))
                .exceptionally(failure -> RaftUtil.errorResponse(ApiKeys.forId(apiKey), error(failure)))
                .thenApply(answer -> new RaftResponse.Inbound(request.correlationId(), answer, request.destination()));
    }

    private static Errors error(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof Net.Unanswered ? Errors.REQUEST_TIMED_OUT : Errors.BROKER_NOT_AVAILABLE;
    }

    @Override
    public ListenerName listenerName() {
        return Members.LISTENER;
    }

    @Override
    public void close() {
        // the network belongs to the node
    }

    /** Hands a message of another node to the running engine. */
    static CompletableFuture<byte[]> receive(Engine engine, byte[] bytes, long nowMs) {
        RaftWire.Versioned request = RaftWire.readRequest(bytes);
        return engine.client()
                .handle(new RaftRequest.Inbound(Members.LISTENER, 0, request.version(), request.message(), nowMs))
                .thenApply(answer -> RaftWire.response(answer.data(), request.version()))
                .toCompletableFuture();
    }
}
