package io.jofka.node.consensus;

import io.jofka.node.common.Net;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.apache.kafka.common.message.EndQuorumEpochRequestData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.raft.LeaderAndEpoch;
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
    private final IntConsumer refused;
    private final AtomicInteger correlation = new AtomicInteger();
    private volatile Succession succession = new Succession(-1, -1);

    /** Who is to lead after a term. */
    private record Succession(int term, int successor) {}

    /** @param refused told each node at whose address nobody listens */
    RaftChannel(Net net, IntConsumer refused) {
        this.net = net;
        this.refused = refused;
    }

    @Override
    public int newCorrelationId() {
        return correlation.incrementAndGet();
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        ApiMessage data = request.data();
        short apiKey = data.apiKey();
        if (data instanceof EndQuorumEpochRequestData end) {
            order(end, succession);
        }
        int node = Members.id(request.destination());
        return net.call(node, Net.Call.RAFT, RaftWire.request(data), TIMEOUT_MS)
                .thenApply(bytes -> RaftWire.readResponse(apiKey, bytes))
                .exceptionally(failure -> RaftUtil.errorResponse(ApiKeys.forId(apiKey), error(node, failure)))
                .thenApply(answer -> new RaftResponse.Inbound(request.correlationId(), answer, request.destination()));
    }

    /** The engine orders those who may stand by how far they are; this one comes first when it ends that term. */
    void succeed(int term, int successor) {
        succession = new Succession(term, successor);
    }

    private static void order(EndQuorumEpochRequestData end, Succession wanted) {
        for (EndQuorumEpochRequestData.TopicData topic : end.topics()) {
            for (EndQuorumEpochRequestData.PartitionData partition : topic.partitions()) {
                if (partition.leaderEpoch() == wanted.term()) {
                    partition.setPreferredCandidates(partition.preferredCandidates().stream()
                            .sorted(Comparator.comparing(one -> one.candidateId() != wanted.successor()))
                            .toList());
                }
            }
        }
    }

    private Errors error(int node, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof Net.Refused) {
            refused.accept(node);
        }
        // the engine treats every failure alike, but logs all others as unexpected errors
        return Errors.BROKER_NOT_AVAILABLE;
    }

    @Override
    public ListenerName listenerName() {
        return Members.LISTENER;
    }

    @Override
    public void close() {
        // the network belongs to the node
    }

    /**
     * What a leader says when it goes (KIP-595, EndQuorumEpoch). The voter with the lowest id is to stand first, so that
     * votes do not split.
     */
    static RaftRequest.Inbound endOfTerm(String clusterId, LeaderAndEpoch leader, List<Integer> voters, long nowMs) {
        int from = leader.leaderId().orElseThrow();
        var partition = new EndQuorumEpochRequestData.PartitionData()
                .setPartitionIndex(0)
                .setLeaderId(from)
                .setLeaderEpoch(leader.epoch())
                .setPreferredCandidates(voters.stream()
                        .filter(voter -> voter != from)
                        .sorted()
                        .map(voter -> new EndQuorumEpochRequestData.ReplicaInfo().setCandidateId(voter))
                        .toList());
        var data = new EndQuorumEpochRequestData()
                .setClusterId(clusterId)
                .setTopics(List.of(new EndQuorumEpochRequestData.TopicData()
                        .setTopicName(Engine.LOG.topic())
                        .setPartitions(List.of(partition))));
        return new RaftRequest.Inbound(Members.LISTENER, 0, ApiKeys.END_QUORUM_EPOCH.latestVersion(), data, nowMs);
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
