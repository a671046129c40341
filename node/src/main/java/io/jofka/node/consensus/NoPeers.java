package io.jofka.node.consensus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;

/** The network of a quorum of one: there is nobody to send to, and every attempt says so. */
final class NoPeers implements NetworkChannel {
    static final ListenerName LISTENER = new ListenerName("PEER");

    private final AtomicInteger correlation = new AtomicInteger();

    @Override
    public int newCorrelationId() {
        return correlation.incrementAndGet();
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        return CompletableFuture.failedFuture(
                new IllegalStateException("node " + request.destination().id() + " cannot be reached: no peers"));
    }

    @Override
    public ListenerName listenerName() {
        return LISTENER;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
