package io.jofka.node.metadata;

import static io.jofka.node.metadata.MachineFixture.accepted;
import static io.jofka.node.metadata.MachineFixture.faultOf;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.CreatedTopic;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.MetadataCommand.Growth;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.TopicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataMachineTest {
    private final MachineFixture cluster = new MachineFixture().nodes(3);

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-b_c.9", "orders", "..."})
    void goodNamesAreTaken(String name) {
        assertThat(accepted(cluster.create(cluster.topic(name, 1, 1))).name(), is(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../../x",
                "a/b",
                "a\\b",
                "a b",
                "a\u0000b",
                "a\nb",
                "ä",
                "a:b",
                "a%2e",
                "\uD83D\uDE00",
                "٣"
            })
    void hostileNamesAreRefused(String name) {
        assertThat(cluster.refusal(cluster.topic(name, 1, 1)), is(Fault.INVALID_TOPIC));
        assertThat(cluster.image.topics(), hasSize(0));
    }

    @Test
    void namesHaveAtMost249Characters() {
        accepted(cluster.create(cluster.topic("x".repeat(249), 1, 1)));
        assertThat(cluster.refusal(cluster.topic("x".repeat(250), 1, 1)), is(Fault.INVALID_TOPIC));
        assertThat(cluster.refusal(cluster.topic("x".repeat(100_000), 1, 1)), is(Fault.INVALID_TOPIC));
    }

    @Test
    void aDotAndAnUnderscoreMustNotBeTheOnlyDifference() {
        accepted(cluster.create(cluster.topic("a.b", 1, 1)));
        assertThat(cluster.refusal(cluster.topic("a_b", 1, 1)), is(Fault.INVALID_TOPIC));
        assertThat(cluster.refusal(cluster.topic("a.b", 1, 1)), is(Fault.TOPIC_ALREADY_EXISTS));
        accepted(cluster.create(cluster.topic("ab", 1, 1)));
        cluster.run(new DeleteTopics(List.of(byName("a.b"))));
        accepted(cluster.create(cluster.topic("a_b", 1, 1)));
    }

    @Test
    void collisionsWithinOneRequestAreSeen() {
        List<Verdict<CreatedTopic>> verdicts = cluster.run(new CreateTopics(
                List.of(cluster.topic("x.y", 1, 1), cluster.topic("x_y", 1, 1), cluster.topic("z", 1, 1))));
        accepted(verdicts.get(0));
        assertThat(faultOf(verdicts.get(1)), is(Fault.INVALID_TOPIC));
        accepted(verdicts.get(2));
    }

    @Test
    void aNameTwiceInOneRequestIsRefusedBothTimes() {
        List<Verdict<CreatedTopic>> verdicts = cluster.run(new CreateTopics(
                List.of(cluster.topic("a", 1, 1), cluster.topic("b", 1, 1), cluster.topic("a", 1, 1))));
        assertThat(faultOf(verdicts.get(0)), is(Fault.INVALID_PARAMETER));
        assertThat(faultOf(verdicts.get(2)), is(Fault.INVALID_PARAMETER));
        assertThat(cluster.image.topics(), hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, INVALID_PARTITIONS",
        "-2, 1, INVALID_PARTITIONS",
        "10001, 1, INVALID_PARTITIONS",
        "1000000000, 1, INVALID_PARTITIONS",
        "2147483647, 1, INVALID_PARTITIONS",
        "-2147483648, 1, INVALID_PARTITIONS",
        "1, 0, INVALID_REPLICATION_FACTOR",
        "1, -2, INVALID_REPLICATION_FACTOR",
        "1, 4, INVALID_REPLICATION_FACTOR",
        "1, 999, INVALID_REPLICATION_FACTOR",
        "1, 32767, INVALID_REPLICATION_FACTOR"
    })
    void hostileCountsAreRefused(int partitions, int replicas, Fault fault) {
        assertThat(cluster.refusal(cluster.topic("t", partitions, replicas)), is(fault));
        assertThat(cluster.image.topics(), hasSize(0));
    }

    @Test
    void theClusterHasALimitOfPartitionsAlsoWithinOneRequest() {
        MachineFixture small = new MachineFixture(new MetadataLimits(10, 15, 3, 100, 1 << 20)).nodes(1);
        List<Verdict<CreatedTopic>> verdicts =
                small.run(new CreateTopics(List.of(small.topic("a", 10, 1), small.topic("b", 6, 1))));
        accepted(verdicts.get(0));
        assertThat(faultOf(verdicts.get(1)), is(Fault.POLICY_VIOLATION));
        assertThat(
                faultOf(small.run(new GrowTopics(List.of(new Growth("a", 11, List.of()))))
                        .getFirst()),
                is(Fault.INVALID_PARTITIONS));
    }

    @Test
    void aRequestLargerThanOneBatchIsRefusedItemByItem() {
        MachineFixture small = new MachineFixture(new MetadataLimits(100, 1_000, 3, 100, 10_000)).nodes(1);
        List<Verdict<CreatedTopic>> verdicts =
                small.run(new CreateTopics(List.of(small.topic("a", 100, 1), small.topic("b", 100, 1))));
        accepted(verdicts.get(0));
        assertThat(faultOf(verdicts.get(1)), is(Fault.POLICY_VIOLATION));
    }

    @Test
    void minusOneTakesTheDefaultOfTheCluster() {
        CreatedTopic one = accepted(cluster.create(cluster.topic("a", -1, -1)));
        assertThat(one.partitions(), is(1));
        assertThat(one.replicationFactor(), is(1));
        setNode("", NodeConfigs.NUM_PARTITIONS, "4");
        setNode("", NodeConfigs.DEFAULT_REPLICATION_FACTOR, "3");
        CreatedTopic two = accepted(cluster.create(cluster.topic("b", -1, -1)));
        assertThat(two.partitions(), is(4));
        assertThat(two.replicationFactor(), is(3));
    }

    @Test
    void assignmentsAreTakenAsTheyAre() {
        accepted(cluster.create(cluster.assigned("a", Map.of(0, List.of(3, 1), 1, List.of(2, 3)))));
        List<PartitionImage> partitions = cluster.image.topic("a").orElseThrow().partitions();
        assertThat(partitions.get(0).replicas(), is(List.of(3, 1)));
        assertThat(partitions.get(0).leader(), is(3));
        assertThat(partitions.get(1).isr(), is(List.of(2, 3)));
    }

    @Test
    void hostileAssignmentsAreRefused() {
        List<Map<Integer, List<Integer>>> hostile = List.of(
                Map.of(1, List.of(1)),
                Map.of(0, List.of(1), 2, List.of(1)),
                Map.of(-1, List.of(1)),
                Map.of(0, List.of()),
                Map.of(0, List.of(1, 1)),
                Map.of(0, List.of(99)),
                Map.of(0, List.of(-1)),
                Map.of(0, List.of(1), 1, List.of(1, 2)));
        for (Map<Integer, List<Integer>> assignment : hostile) {
            assertThat(
                    assignment.toString(),
                    cluster.refusal(cluster.assigned("t", assignment)),
                    is(Fault.INVALID_REPLICA_ASSIGNMENT));
        }
        assertThat(cluster.image.topics(), hasSize(0));
    }

    @Test
    void onePartitionTopicsAreSpreadOverTheNodes() {
        for (int i = 0; i < 300; i++) {
            accepted(cluster.create(cluster.topic("t" + i, 1, 2)));
        }
        Map<Integer, Integer> leaders = new HashMap<>();
        Map<Integer, Integer> replicas = new HashMap<>();
        cluster.image.topics().forEach(topic -> {
            leaders.merge(topic.partitions().getFirst().leader(), 1, Integer::sum);
            topic.partitions().getFirst().replicas().forEach(id -> replicas.merge(id, 1, Integer::sum));
        });
        assertThat(leaders.values(), everyItem(is(100)));
        assertThat(replicas.values(), everyItem(allOf(greaterThanOrEqualTo(199), lessThanOrEqualTo(201))));
    }

    @Test
    void replicasGoToDifferentRacks() {
        MachineFixture racks = new MachineFixture().nodes(4, "a", "a", "b", "b");
        accepted(racks.create(racks.topic("t", 40, 2)));
        for (PartitionImage partition : racks.image.topic("t").orElseThrow().partitions()) {
            assertThat(
                    partition.replicas().get(0) <= 2,
                    is(not(partition.replicas().get(1) <= 2)));
        }
    }

    @Test
    void fencedNodesGetNoReplicas() {
        cluster.run(new FenceNode(2, new UUID(7, 2), true));
        assertThat(cluster.refusal(cluster.topic("t", 1, 3)), is(Fault.INVALID_REPLICATION_FACTOR));
        accepted(cluster.create(cluster.topic("t", 10, 2)));
        cluster.image
                .topic("t")
                .orElseThrow()
                .partitions()
                .forEach(partition -> assertThat(partition.replicas().contains(2), is(false)));
    }

    @Test
    void deletionIsByNameOrById() {
        UUID id = accepted(cluster.create(cluster.topic("a", 1, 1))).id();
        accepted(cluster.create(cluster.topic("b", 2, 1)));
        assertThat(deletion(byName("nope")), is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(
                deletion(new TopicKey(Optional.empty(), Optional.of(new UUID(9, 9)), Optional.empty())),
                is(Fault.UNKNOWN_TOPIC_ID));
        assertThat(
                deletion(new TopicKey(Optional.empty(), Optional.empty(), Optional.empty())),
                is(Fault.INVALID_PARAMETER));
        assertThat(
                deletion(new TopicKey(Optional.of("a"), Optional.of(id), Optional.empty())),
                is(Fault.INVALID_PARAMETER));
        accepted(cluster.run(
                        new DeleteTopics(List.of(new TopicKey(Optional.empty(), Optional.of(id), Optional.empty()))))
                .getFirst());
        assertThat(cluster.image.topic("a").isPresent(), is(false));
        assertThat(cluster.image.partitionCount(), is(2));
    }

    @Test
    void aTopicMadeAgainHasAnotherId() {
        UUID first = accepted(cluster.create(cluster.topic("a", 1, 1))).id();
        cluster.run(new DeleteTopics(List.of(byName("a"))));
        UUID second = accepted(cluster.create(cluster.topic("a", 1, 1))).id();
        assertThat(second, is(not(first)));
        assertThat(cluster.image.topic(first).isPresent(), is(false));
    }

    @Test
    void anOldExpectationIsRefused() {
        accepted(cluster.create(cluster.topic("a", 1, 1)));
        long seen = cluster.image.topic("a").orElseThrow().changedIndex();
        accepted(cluster.run(new GrowTopics(List.of(new Growth("a", 2, List.of()))))
                .getFirst());
        assertThat(
                deletion(new TopicKey(Optional.of("a"), Optional.empty(), Optional.of(seen))),
                is(Fault.PRECONDITION_FAILED));
        long now = cluster.image.topic("a").orElseThrow().changedIndex();
        accepted(cluster.run(
                        new DeleteTopics(List.of(new TopicKey(Optional.of("a"), Optional.empty(), Optional.of(now)))))
                .getFirst());
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "0", "-1", "-2147483648", "1000000000", "2147483647"})
    void topicsDoNotShrinkNorGrowWithoutBounds(int total) {
        accepted(cluster.create(cluster.topic("a", 2, 1)));
        Verdict<Integer> verdict = cluster.run(new GrowTopics(List.of(new Growth("a", total, List.of()))))
                .getFirst();
        assertThat(faultOf(verdict), is(Fault.INVALID_PARTITIONS));
        assertThat(cluster.image.partitionCount(), is(2));
    }

    @Test
    void growthKeepsTheNumberOfReplicas() {
        accepted(cluster.create(cluster.topic("a", 1, 2)));
        accepted(cluster.run(new GrowTopics(List.of(new Growth("a", 3, List.of(List.of(1, 2), List.of(2, 3))))))
                .getFirst());
        assertThat(cluster.image.topic("a").orElseThrow().partitions().get(2).replicas(), is(List.of(2, 3)));
        assertThat(growth(new Growth("a", 4, List.of(List.of(1)))), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        assertThat(growth(new Growth("a", 5, List.of(List.of(1, 2)))), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        assertThat(growth(new Growth("nope", 5, List.of())), is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void aNodeStartedAnewGetsNewEpochsForWhatItLeads() {
        accepted(cluster.create(cluster.assigned("a", Map.of(0, List.of(1), 1, List.of(2)))));
        NodeImage node = cluster.image.node(1).orElseThrow();
        cluster.run(new RegisterNode(node));
        assertThat(cluster.image.topic("a").orElseThrow().partitions().get(0).leaderEpoch(), is(0));
        cluster.run(new RegisterNode(
                new NodeImage(1, new UUID(8, 1), true, true, true, "", node.endpoints(), node.logDirectories())));
        assertThat(cluster.image.topic("a").orElseThrow().partitions().get(0).leaderEpoch(), is(1));
        assertThat(cluster.image.topic("a").orElseThrow().partitions().get(0).partitionEpoch(), is(1));
        assertThat(cluster.image.topic("a").orElseThrow().partitions().get(1).leaderEpoch(), is(0));
        assertThat(faultOf(cluster.run(new FenceNode(1, new UUID(7, 1), false))), is(Fault.PRECONDITION_FAILED));
    }

    @Test
    void electionsDoNotChangeWhatAnEtagStandsFor() {
        accepted(cluster.create(cluster.assigned("a", Map.of(0, List.of(1)))));
        long seen = cluster.image.topic("a").orElseThrow().changedIndex();
        cluster.run(new RegisterNode(new NodeImage(1, new UUID(8, 1), true, true, true, "", Map.of(), List.of())));
        assertThat(cluster.image.topic("a").orElseThrow().changedIndex(), is(seen));
    }

    @Test
    void producerIdBlocksFollowEachOther() {
        assertThat(accepted(cluster.run(new TakeProducerIds(1, 1_000))), is(0L));
        assertThat(accepted(cluster.run(new TakeProducerIds(2, 1_000))), is(1_000L));
        assertThat(faultOf(cluster.run(new TakeProducerIds(1, 0))), is(Fault.INVALID_PARAMETER));
        assertThat(cluster.image.nextProducerId(), is(2_000L));
    }

    @Test
    void aClusterKeepsItsName() {
        assertThat(accepted(cluster.run(new NameCluster("cluster-1"))), is("cluster-1"));
        assertThat(faultOf(cluster.run(new NameCluster("other"))), is(Fault.PRECONDITION_FAILED));
        assertThat(cluster.image.clusterId(), is("cluster-1"));
    }

    @Test
    void refusalsQuoteTheCallerWithoutControlCharacters() {
        Verdict<CreatedTopic> verdict = cluster.create(cluster.topic("a\r\nSet-Cookie: x", 1, 1));
        assertThat(((Verdict.Refused<CreatedTopic>) verdict).detail(), not(containsString("\n")));
    }

    private void setNode(String node, String key, String value) {
        accepted(cluster.run(new MetadataCommand.AlterConfigs(List.of(new MetadataCommand.ConfigChange(
                        false,
                        node,
                        List.of(new MetadataCommand.ConfigOp(MetadataCommand.ConfigOp.Kind.SET, key, value)),
                        Optional.empty()))))
                .getFirst());
    }

    private Fault deletion(TopicKey key) {
        return faultOf(cluster.run(new DeleteTopics(List.of(key))).getFirst());
    }

    private Fault growth(Growth growth) {
        return faultOf(cluster.run(new GrowTopics(List.of(growth))).getFirst());
    }

    private static TopicKey byName(String name) {
        return new TopicKey(Optional.of(name), Optional.empty(), Optional.empty());
    }
}
