package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.ReplicaBalance.Leaving;
import io.jofka.node.metadata.ReplicaBalance.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Plans of moves: what they come to, and that the machine takes them. */
final class ReplicaBalanceTest {
    private final MachineFixture kit = new MachineFixture();

    private void assign(String name, Map<Integer, List<Integer>> assignment) {
        MachineFixture.accepted(kit.create(kit.assigned(name, assignment)));
    }

    private void join(int id, String rack) {
        UUID life = new UUID(7, id);
        kit.run(new RegisterNode(new NodeImage(id, life, true, true, true, rack, Map.of(), List.of())));
        kit.run(new FenceNode(id, life, false));
    }

    /** Carries the plan out: every move is taken by the machine, and all that come are at once in sync. */
    private void carryOut(List<Step> steps) {
        for (Step step : steps) {
            TopicImage topic = kit.image.topic(step.topic()).orElseThrow();
            PartitionKey key = new PartitionKey(topic.id(), step.partition());
            MachineFixture.accepted(kit.run(new MoveReplicas(List.of(new Move(key, Optional.of(step.replicas())))))
                    .getFirst());
            PartitionImage moving =
                    kit.image.topic(step.topic()).orElseThrow().partitions().get(step.partition());
            NodeImage leader = kit.image.node(moving.leader()).orElseThrow();
            MachineFixture.accepted(kit.run(new MetadataCommand.AlterIsr(
                            leader.id(),
                            leader.incarnation(),
                            List.of(new MetadataCommand.IsrChange(
                                    topic.id(),
                                    step.partition(),
                                    moving.leaderEpoch(),
                                    moving.partitionEpoch(),
                                    moving.replicas()))))
                    .getFirst());
        }
    }

    private Map<Integer, Integer> count(boolean first) {
        Map<Integer, Integer> count = new TreeMap<>();
        kit.image.nodes().forEach(node -> count.put(node.id(), 0));
        kit.image
                .topics()
                .forEach(topic -> topic.partitions()
                        .forEach(p -> (first ? p.replicas().subList(0, 1) : p.replicas())
                                .forEach(node -> count.merge(node, 1, Integer::sum))));
        return count;
    }

    @Test
    void anEmptyNodeGetsItsShareOfReplicasAndLeadersByTheFewestMoves() {
        kit.nodes(3);
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int p = 0; p < 12; p++) {
            assignment.put(p, List.of(1 + p % 3, 1 + (p + 1) % 3));
        }
        assign("t", assignment);
        assertThat(ReplicaBalance.plan(kit.image, topic -> true, 100), is(empty()));
        join(4, "");
        List<Step> plan = ReplicaBalance.plan(kit.image, topic -> true, 100);
        assertThat("24 replicas on 4 nodes", plan, hasSize(6));
        carryOut(plan);
        assertThat(count(false), is(Map.of(1, 6, 2, 6, 3, 6, 4, 6)));
        assertThat(count(true), is(Map.of(1, 3, 2, 3, 3, 3, 4, 3)));
        assertThat("a balanced cluster is left alone", ReplicaBalance.plan(kit.image, t -> true, 100), is(empty()));
    }

    @Test
    void leadersAreSpreadWithoutMovingAnyData() {
        kit.nodes(3);
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int p = 0; p < 9; p++) {
            assignment.put(p, List.of(1, 2, 3));
        }
        assign("t", assignment);
        List<Step> plan = ReplicaBalance.plan(kit.image, topic -> true, 100);
        assertThat(plan, hasSize(6));
        plan.forEach(step -> assertThat(new HashSet<>(step.replicas()), is(new HashSet<>(List.of(1, 2, 3)))));
        carryOut(plan);
        assertThat(count(true), is(Map.of(1, 3, 2, 3, 3, 3)));
    }

    @Test
    void onlyWantedTopicsMoveAndNotMoreThanAsked() {
        kit.nodes(1);
        assign("a", Map.of(0, List.of(1), 1, List.of(1), 2, List.of(1), 3, List.of(1)));
        assign("b", Map.of(0, List.of(1), 1, List.of(1), 2, List.of(1), 3, List.of(1)));
        join(2, "");
        assertThat(ReplicaBalance.plan(kit.image, topic -> true, 3), hasSize(3));
        List<Step> plan = ReplicaBalance.plan(kit.image, topic -> topic.name().equals("b"), 100);
        assertThat(plan, hasSize(4));
        plan.forEach(step -> assertThat(step.topic(), is("b")));
    }

    @Test
    void nobodyMovesToADrainingOrDeadNode() {
        kit.nodes(1);
        assign("a", Map.of(0, List.of(1), 1, List.of(1), 2, List.of(1), 3, List.of(1)));
        join(2, "");
        join(3, "");
        kit.run(new DrainNode(2, true));
        kit.run(new FenceNode(3, new UUID(7, 3), true));
        assertThat(ReplicaBalance.plan(kit.image, topic -> true, 100), is(empty()));
    }

    @Test
    void aNodeIsLeftForOtherRacksFirst() {
        kit.nodes(4, "a", "b", "b", "c");
        assign("t", Map.of(0, List.of(1, 2), 1, List.of(2, 1)));
        Leaving leaving = ReplicaBalance.leave(kit.image, 1, 100);
        assertThat(leaving.stuck(), is(0));
        assertThat(
                "rack b is there already",
                leaving.steps(),
                is(List.of(new Step("t", 0, List.of(4, 2)), new Step("t", 1, List.of(2, 4)))));
        carryOut(leaving.steps());
        assertThat(ReplicaBalance.leave(kit.image, 1, 100).steps(), is(empty()));
        assertThat(count(false).get(1), is(0));
    }

    @Test
    void aNodeThatNobodyCanReplaceIsNotLeft() {
        kit.nodes(3);
        assign("s", Map.of(0, List.of(1, 2)));
        assign("t", Map.of(0, List.of(1, 2, 3)));
        Leaving leaving = ReplicaBalance.leave(kit.image, 1, 100);
        assertThat(leaving.stuck(), is(1));
        assertThat(leaving.firstStuck(), is(Optional.of("t-0")));
        assertThat(leaving.steps(), is(List.of(new Step("s", 0, List.of(3, 2)))));
    }

    @Test
    void plansOfChanceClustersComeToAnEndAreTakenAndNeverMakeItWorse() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ReplicaBalanceTest other = new ReplicaBalanceTest();
            int nodes = 2 + random.nextInt(5);
            String[] racks = new String[nodes];
            for (int i = 0; i < nodes; i++) {
                racks[i] = random.nextBoolean() ? "" : "r" + random.nextInt(3);
            }
            other.kit.nodes(nodes, racks);
            for (int t = 0; t < 4; t++) {
                Map<Integer, List<Integer>> assignment = new HashMap<>();
                int partitions = 1 + random.nextInt(12);
                int factor = 1 + random.nextInt(2);
                for (int p = 0; p < partitions; p++) {
                    List<Integer> all = new ArrayList<>(List.of(1, 2));
                    for (int n = 3; n <= nodes; n++) {
                        all.add(n);
                    }
                    java.util.Collections.shuffle(all, random);
                    assignment.put(p, List.copyOf(all.subList(0, factor)));
                }
                other.assign("t" + t, assignment);
            }
            int before = spread(other.count(false));
            List<Step> plan = ReplicaBalance.plan(other.kit.image, topic -> true, 1_000);
            other.carryOut(plan);
            assertThat("seed " + seed, spread(other.count(false)), is(lessThanOrEqualTo(Math.max(before, 1))));
            assertThat("seed " + seed, ReplicaBalance.plan(other.kit.image, t -> true, 1_000), is(empty()));
        }
    }

    private static int spread(Map<Integer, Integer> count) {
        int most = count.values().stream().mapToInt(n -> n).max().orElse(0);
        return most - count.values().stream().mapToInt(n -> n).min().orElse(0);
    }
}
