package io.jofka.node.kafka.handler;

import io.jofka.node.common.Clock;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.controller.QuorumStatus.Quorum;
import io.jofka.node.controller.QuorumStatus.Voter;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.NodeImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ListenerCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.NodeCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;

/** DescribeQuorum: the voters of the metadata log as its leader sees them (KIP-595, KIP-836, KIP-853). */
final class DescribeQuorumHandler {
    private static final String TOPIC = "__cluster_metadata";
    private static final String PEER = "peer";
    /** The first version with directory ids and addresses (KIP-853). */
    private static final short DIRECTORIES = 2;

    private final QuorumStatus quorum;
    private final Images images;
    private final Clock clock;

    DescribeQuorumHandler(QuorumStatus quorum, Images images, Clock clock) {
        this.quorum = quorum;
        this.images = images;
        this.clock = clock;
    }

    Reply handle(DescribeQuorumRequestData request, Call call) {
        boolean known = request.topics().size() == 1
                && request.topics().getFirst().topicName().equals(TOPIC)
                && request.topics().getFirst().partitions().size() == 1
                && request.topics().getFirst().partitions().getFirst().partitionIndex() == 0;
        if (!known) {
            return new Reply.Now(unknown(request));
        }
        return new Reply.Later(quorum.quorum().thenApply(seen -> answer(seen, call.version())));
    }

    /** Only the one partition of the metadata log has a quorum. */
    private static DescribeQuorumResponseData unknown(DescribeQuorumRequestData request) {
        DescribeQuorumResponseData response = new DescribeQuorumResponseData();
        for (DescribeQuorumRequestData.TopicData asked : request.topics()) {
            TopicData topic = new TopicData().setTopicName(asked.topicName());
            asked.partitions()
                    .forEach(partition -> topic.partitions()
                            .add(new PartitionData()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())));
            response.topics().add(topic);
        }
        return response;
    }

    private Reply answer(Quorum seen, short version) {
        boolean withDirectories = version >= DIRECTORIES;
        long now = clock.wallMs();
        PartitionData partition = new PartitionData()
                .setPartitionIndex(0)
                .setLeaderId(seen.leader())
                .setLeaderEpoch(seen.term())
                .setHighWatermark(seen.committedOffset())
                .setCurrentVoters(seen.voters().stream()
                        .map(voter -> state(voter, now, withDirectories))
                        .toList())
                .setObservers(seen.observers().stream()
                        .map(observer -> state(observer, now, withDirectories))
                        .toList());
        if (seen.leader() < 0) {
            partition.setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
        }
        return new Reply.Now(new DescribeQuorumResponseData()
                .setTopics(List.of(new TopicData().setTopicName(TOPIC).setPartitions(List.of(partition))))
                .setNodes(withDirectories ? nodes(seen) : new NodeCollection()));
    }

    private static ReplicaState state(Voter voter, long nowMs, boolean withDirectory) {
        return new ReplicaState()
                .setReplicaId(voter.nodeId())
                .setReplicaDirectoryId(withDirectory ? directory(voter.directoryId()) : Uuid.ZERO_UUID)
                .setLogEndOffset(voter.logEndOffset())
                .setLastFetchTimestamp(then(voter.lastFetchMsAgo(), nowMs))
                .setLastCaughtUpTimestamp(then(voter.lastCaughtUpMsAgo(), nowMs));
    }

    private static long then(long msAgo, long nowMs) {
        return msAgo < 0 ? -1 : nowMs - msAgo;
    }

    private static Uuid directory(String text) {
        try {
            UUID id = UUID.fromString(text);
            return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
        } catch (IllegalArgumentException e) {
            return Uuid.ZERO_UUID;
        }
    }

    /** The voters' internal addresses, where they have told them. */
    private NodeCollection nodes(Quorum seen) {
        List<Integer> ids =
                new ArrayList<>(new TreeSet<>(Stream.concat(seen.voters().stream(), seen.observers().stream())
                        .map(Voter::nodeId)
                        .toList()));
        NodeCollection nodes = new NodeCollection();
        for (int id : ids) {
            ListenerCollection listeners = new ListenerCollection();
            NodeImage.Endpoint peer = images.current()
                    .node(id)
                    .map(node -> node.endpoints().get(PEER))
                    .orElse(null);
            if (peer != null) {
                listeners.add(
                        new Listener().setName("PEER").setHost(peer.host()).setPort(peer.port()));
            }
            nodes.add(new Node().setNodeId(id).setListeners(listeners));
        }
        return nodes;
    }
}
