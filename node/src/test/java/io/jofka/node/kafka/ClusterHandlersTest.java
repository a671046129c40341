package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jofka.node.controller.ClusterAdmin.Move;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.metadata.PartitionImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Elections, moves of replicas and the quorum, as clients of the Kafka protocol see them. */
final class ClusterHandlersTest {
    private TestNode node;
    private Wire wire;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode();
        node.cluster.add("t", 2, Map.of());
        wire = node.connect();
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        node.close();
    }

    private ElectLeadersResponseData elect(ElectLeadersRequestData request) throws IOException {
        return wire.call(ElectLeadersResponseData.class, ApiKeys.ELECT_LEADERS, 2, request.setTimeoutMs(1_000));
    }

    private static List<String> outcomes(ElectLeadersResponseData answer) {
        List<String> outcomes = new ArrayList<>();
        answer.replicaElectionResults()
                .forEach(topic -> topic.partitionResult()
                        .forEach(p ->
                                outcomes.add(topic.topic() + p.partitionId() + " " + Errors.forCode(p.errorCode()))));
        return outcomes;
    }

    @Test
    void electionsAreAnsweredOneByOneAndLeftOutWhereNobodyAskedForThem() throws IOException {
        var topics = new ElectLeadersRequestData.TopicPartitionsCollection();
        topics.add(new ElectLeadersRequestData.TopicPartitions().setTopic("t").setPartitions(List.of(1, 7)));
        topics.add(
                new ElectLeadersRequestData.TopicPartitions().setTopic("none").setPartitions(List.of(0)));
        ElectLeadersResponseData answer =
                elect(new ElectLeadersRequestData().setElectionType((byte) 0).setTopicPartitions(topics));
        assertThat(
                outcomes(answer),
                contains(
                        "t1 ELECTION_NOT_NEEDED", "t7 UNKNOWN_TOPIC_OR_PARTITION", "none0 UNKNOWN_TOPIC_OR_PARTITION"));
        ElectLeadersRequestData all = new ElectLeadersRequestData().setTopicPartitions(null);
        assertThat(outcomes(elect(all.setElectionType((byte) 1))), is(empty()));
        assertThat(elect(all.setElectionType((byte) 9)).errorCode(), is(Errors.INVALID_REQUEST.code()));
    }

    private static ReassignablePartition move(int partition, List<Integer> replicas) {
        return new ReassignablePartition().setPartitionIndex(partition).setReplicas(replicas);
    }

    @Test
    void replicasAreMovedAndTheirNumberIsKeptWhereTheClientSaysSo() throws IOException {
        var request = new AlterPartitionReassignmentsRequestData()
                .setTimeoutMs(1_000)
                .setAllowReplicationFactorChange(false)
                .setTopics(List.of(new ReassignableTopic()
                        .setName("t")
                        .setPartitions(List.of(move(0, List.of(2)), move(1, List.of(1, 2))))));
        var answer = wire.call(
                AlterPartitionReassignmentsResponseData.class, ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 1, request);
        List<String> outcomes = new ArrayList<>();
        answer.responses()
                .getFirst()
                .partitions()
                .forEach(p -> outcomes.add(p.partitionIndex() + " " + Errors.forCode(p.errorCode())));
        assertThat(outcomes, contains("1 INVALID_REPLICATION_FACTOR", "0 NONE"));
        assertThat(answer.allowReplicationFactorChange(), is(false));
        assertThat(node.admin.moved, contains(new Move(new Place("t", 0), Optional.of(List.of(2)))));
    }

    @Test
    void aMoveThatIsNotUnderWayCannotBeTakenBack() throws IOException {
        var request = new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new ReassignableTopic()
                        .setName("t")
                        .setPartitions(List.of(
                                new ReassignablePartition().setPartitionIndex(0).setReplicas(null)))));
        var answer = wire.call(
                AlterPartitionReassignmentsResponseData.class, ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 0, request);
        assertThat(
                answer.responses().getFirst().partitions().getFirst().errorCode(),
                is(Errors.NO_REASSIGNMENT_IN_PROGRESS.code()));
    }

    @Test
    void onlyMovesThatAreUnderWayAreListed() throws IOException {
        var all = new ListPartitionReassignmentsRequestData().setTopics(null);
        var none =
                wire.call(ListPartitionReassignmentsResponseData.class, ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, all);
        assertThat(none.topics(), is(empty()));
        node.cluster.replace(
                "t", new PartitionImage(1, List.of(2, 1), List.of(1), List.of(), 1, 3, 4, List.of(2), List.of(1)));
        var one = wire.call(ListPartitionReassignmentsResponseData.class, ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, all);
        assertThat(one.topics(), hasSize(1));
        var moving = one.topics().getFirst().partitions().getFirst();
        assertThat(moving.partitionIndex(), is(1));
        assertThat(moving.replicas(), contains(2, 1));
        assertThat(moving.addingReplicas(), contains(2));
        assertThat(moving.removingReplicas(), contains(1));
    }

    private DescribeQuorumResponseData quorum(String topic, int version) throws IOException {
        return wire.call(
                DescribeQuorumResponseData.class,
                ApiKeys.DESCRIBE_QUORUM,
                version,
                new DescribeQuorumRequestData()
                        .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                .setTopicName(topic)
                                .setPartitions(
                                        List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0))))));
    }

    @Test
    void theQuorumIsDescribedAsItsLeaderSeesIt() throws IOException {
        var answer = quorum("__cluster_metadata", 2);
        var partition = answer.topics().getFirst().partitions().getFirst();
        assertThat(partition.errorCode(), is((short) 0));
        assertThat(partition.leaderId(), is(1));
        assertThat(partition.leaderEpoch(), is(7));
        assertThat(partition.highWatermark(), is(39L));
        List<String> voters = new ArrayList<>();
        partition.currentVoters().forEach(v -> voters.add(v.replicaId() + " " + v.logEndOffset()));
        assertThat(voters, contains("1 40", "2 30", "3 -1"));
        assertThat(partition.currentVoters().getLast().lastFetchTimestamp(), is(-1L));
        assertThat(
                partition.currentVoters().getFirst().replicaDirectoryId(),
                is(new Uuid(
                        FakeQuorum.DIRECTORY.getMostSignificantBits(),
                        FakeQuorum.DIRECTORY.getLeastSignificantBits())));
        assertThat(partition.observers().getFirst().replicaId(), is(4));
        assertThat(answer.nodes(), hasSize(4));
        assertThat(
                quorum("other", 1).topics().getFirst().partitions().getFirst().errorCode(),
                is(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
    }
}
