package io.jofka.node.consensus;

import io.jofka.node.common.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;
import org.apache.kafka.server.common.OffsetAndEpoch;

/** Asks a running engine about the quorum; only the leader knows the positions of the voters. */
final class EngineStatus {
    private static final System.Logger LOGGER = System.getLogger(EngineStatus.class.getName());
    private static final int WAIT_MS = 3_000;

    private EngineStatus() {}

    static QuorumView of(Engine engine, RaftConfig config, MetadataFolder folder, Clock clock) {
        int nodeId = config.nodeId();
        KafkaRaftClient<byte[]> client = engine.client();
        LeaderAndEpoch leader = client.leaderAndEpoch();
        Known members = leader.isLeader(nodeId) ? described(client, clock) : configured(config, folder);
        return new QuorumView(
                nodeId,
                leader.epoch(),
                leader.leaderId().orElse(-1),
                client.logEndOffset(),
                client.highWatermark().orElse(0),
                members.voters(),
                members.observers(),
                checkpoint(engine));
    }

    private record Known(List<QuorumView.Voter> voters, List<QuorumView.Voter> observers) {
        private static final Known UNKNOWN = new Known(List.of(), List.of());
    }

    private static Known configured(RaftConfig config, MetadataFolder folder) {
        return new Known(
                config.voters().stream()
                        .map(node -> new QuorumView.Voter(
                                node,
                                node == config.nodeId()
                                        ? folder.directoryId()
                                        : Members.directoryId(folder.clusterId(), node),
                                -1,
                                -1,
                                -1))
                        .toList(),
                List.of());
    }

    private static Optional<QuorumView.Checkpoint> checkpoint(Engine engine) {
        Optional<OffsetAndEpoch> latest = engine.log().latestSnapshotId();
        if (latest.isEmpty() || latest.get().offset() == 0) {
            return Optional.empty();
        }
        long size = engine.log()
                .readSnapshot(latest.get())
                .map(reader -> {
                    long bytes = reader.sizeInBytes();
                    return bytes;
                })
                .orElse(0L);
        return Optional.of(new QuorumView.Checkpoint(
                latest.get().offset() - 1, latest.get().epoch(), size));
    }

    private static Known described(KafkaRaftClient<byte[]> client, Clock clock) {
        DescribeQuorumRequestData request = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName("__cluster_metadata")
                        .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));
        RaftRequest.Inbound inbound = new RaftRequest.Inbound(Members.LISTENER, 0, (short) 2, request, clock.wallMs());
        try {
            RaftResponse.Outbound answer =
                    client.handle(inbound).toCompletableFuture().get(WAIT_MS, TimeUnit.MILLISECONDS);
            if (answer.data() instanceof DescribeQuorumResponseData data
                    && data.errorCode() == 0
                    && !data.topics().isEmpty()) {
                var partition = data.topics().getFirst().partitions().getFirst();
                return new Known(
                        partition.currentVoters().stream()
                                .map(EngineStatus::voter)
                                .toList(),
                        partition.observers().stream().map(EngineStatus::voter).toList());
            }
            return Known.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Known.UNKNOWN;
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(System.Logger.Level.WARNING, "the engine did not describe the quorum", e);
            return Known.UNKNOWN;
        }
    }

    private static QuorumView.Voter voter(DescribeQuorumResponseData.ReplicaState state) {
        Uuid directory = state.replicaDirectoryId();
        return new QuorumView.Voter(
                state.replicaId(),
                new UUID(directory.getMostSignificantBits(), directory.getLeastSignificantBits()),
                state.logEndOffset(),
                state.lastFetchTimestamp(),
                state.lastCaughtUpTimestamp());
    }
}
