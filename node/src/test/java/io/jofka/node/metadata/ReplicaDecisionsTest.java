package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders.Election;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One partition on nodes 1, 2, 3 of four: who leads and who is in sync while nodes come and go. */
final class ReplicaDecisionsTest {
    private final MachineFixture kit = new MachineFixture().nodes(4);
    private UUID topic = new UUID(0, 0);

    @BeforeEach
    void make() {
        create(Map.of());
    }

    private void create(Map<String, String> configs) {
        kit.image
                .topics()
                .forEach(t -> kit.run(new MetadataCommand.DeleteTopics(List.of(
                        new MetadataCommand.TopicKey(Optional.of(t.name()), Optional.empty(), Optional.empty())))));
        topic = kit.freshId();
        MachineFixture.accepted(kit.create(new NewTopic("t", topic, -1, -1, Map.of(0, List.of(1, 2, 3)), configs)));
    }

    private PartitionImage partition() {
        return kit.image.topic(topic).orElseThrow().partitions().getFirst();
    }

    private String state() {
        PartitionImage p = partition();
        return "leader " + p.leader() + " isr " + p.isr() + " eligible " + p.eligible();
    }

    private void fence(int... nodes) {
        for (int node : nodes) {
            MachineFixture.accepted(kit.run(new FenceNode(node, incarnation(node), true)));
        }
    }

    private void unfence(int node) {
        MachineFixture.accepted(kit.run(new FenceNode(node, incarnation(node), false)));
    }

    private UUID incarnation(int node) {
        return kit.image.node(node).orElseThrow().incarnation();
    }

    private Verdict<Integer> isr(Integer... nodes) {
        PartitionImage p = partition();
        return isrAt(p.leaderEpoch(), p.partitionEpoch(), nodes);
    }

    private Verdict<Integer> isrAt(int leaderEpoch, int partitionEpoch, Integer... nodes) {
        int leader = partition().leader();
        return kit.run(new AlterIsr(
                        leader,
                        incarnation(leader),
                        List.of(new IsrChange(topic, 0, leaderEpoch, partitionEpoch, List.of(nodes)))))
                .getFirst();
    }

    private Verdict<Integer> elect(Election kind) {
        return kit.run(new ElectLeaders(kind, List.of(new PartitionKey(topic, 0))))
                .getFirst();
    }

    private Verdict<List<Integer>> move(Integer... target) {
        Optional<List<Integer>> to = target.length == 0 ? Optional.empty() : Optional.of(List.of(target));
        return kit.run(new MoveReplicas(List.of(new Move(new PartitionKey(topic, 0), to))))
                .getFirst();
    }

    private void anew(int node, UUID disk) {
        NodeImage old = kit.image.node(node).orElseThrow();
        kit.run(new RegisterNode(new NodeImage(
                node, new UUID(99, kit.log.size()), true, true, true, old.rack(), old.endpoints(), List.of(disk))));
    }

    @Test
    void aFencedLeaderIsFollowedByTheNextInSync() {
        fence(1);
        assertThat(state(), is("leader 2 isr [2, 3] eligible []"));
        assertThat(partition().leaderEpoch(), is(1));
    }

    @Test
    void aFencedFollowerOnlyLeavesTheInSyncSet() {
        fence(3);
        assertThat(state(), is("leader 1 isr [1, 2] eligible []"));
        assertThat(partition().leaderEpoch(), is(0));
    }

    @Test
    void theLastInSyncStaysInSyncAndAloneMayLeadAgain() {
        fence(1, 2, 3);
        assertThat(state(), is("leader -1 isr [3] eligible []"));
        unfence(1);
        assertThat(state(), is("leader -1 isr [3] eligible []"));
        unfence(3);
        assertThat(state(), is("leader 3 isr [3] eligible []"));
    }

    @Test
    void belowMinIsrWhoLeavesStaysEligible() {
        create(Map.of("min.insync.replicas", "2"));
        fence(1, 2);
        assertThat(state(), is("leader 3 isr [3] eligible [2]"));
        fence(3);
        unfence(1);
        assertThat(state(), is("leader -1 isr [3] eligible [2]"));
        unfence(2);
        assertThat(state(), is("leader 2 isr [2] eligible []"));
    }

    @Test
    void theInSyncSetGrowsByTheLeadersWordAndForgetsTheEligible() {
        create(Map.of("min.insync.replicas", "2"));
        fence(1, 2);
        unfence(2);
        unfence(1);
        assertThat(MachineFixture.accepted(isr(3, 1)), is(partition().partitionEpoch()));
        assertThat(state(), is("leader 3 isr [1, 3] eligible []"));
    }

    @Test
    void onlyTheLeaderOfThisEpochMaySayWhoIsInSync() {
        assertThat(MachineFixture.faultOf(isrAt(5, 0, 1, 2)), is(Fault.UNKNOWN_LEADER_EPOCH));
        assertThat(MachineFixture.faultOf(isrAt(0, 7, 1, 2)), is(Fault.PRECONDITION_FAILED));
        assertThat(MachineFixture.faultOf(isr(2, 3)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        assertThat(MachineFixture.faultOf(isr(1, 4)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        assertThat(MachineFixture.faultOf(isr(1, 2, 2)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        Verdict<Integer> byOther = kit.run(
                        new AlterIsr(2, incarnation(2), List.of(new IsrChange(topic, 0, 0, 0, List.of(1, 2)))))
                .getFirst();
        assertThat(MachineFixture.faultOf(byOther), is(Fault.FENCED_LEADER_EPOCH));
        fence(3);
        assertThat(MachineFixture.faultOf(isr(1, 2, 3)), is(Fault.PRECONDITION_FAILED));
    }

    @Test
    void aLeaderThatWasFencedIsNotHeard() {
        UUID before = incarnation(1);
        fence(1);
        Verdict<Integer> late = kit.run(new AlterIsr(1, before, List.of(new IsrChange(topic, 0, 0, 0, List.of(1)))))
                .getFirst();
        assertThat(MachineFixture.faultOf(late), is(Fault.PRECONDITION_FAILED));
    }

    @Test
    void aNodeStartedAnewHandsOverToWhoIsInSync() {
        anew(1, new UUID(5, 1));
        assertThat(state(), is("leader 2 isr [2, 3] eligible []"));
    }

    @Test
    void theOnlyOneInSyncGoesOnInANewEpoch() {
        fence(2, 3);
        int epoch = partition().leaderEpoch();
        anew(1, new UUID(5, 1));
        assertThat(state(), is("leader 1 isr [1] eligible []"));
        assertThat(partition().leaderEpoch(), is(epoch + 1));
    }

    @Test
    void anotherDiskMayNotLeadWhatItDoesNotHave() {
        anew(1, new UUID(5, 1));
        unfence(1);
        fence(2, 3);
        unfence(2);
        MachineFixture.accepted(kit.run(new FenceNode(2, incarnation(2), true)));
        unfence(3);
        assertThat(state(), is("leader 3 isr [3] eligible []"));
        anew(3, new UUID(5, 3));
        unfence(3);
        assertThat(state(), is("leader 3 isr [3] eligible []"));
        anew(3, new UUID(6, 3));
        unfence(3);
        assertThat(state(), is("leader -1 isr [] eligible []"));
        assertThat(MachineFixture.accepted(elect(Election.UNCLEAN)), is(1));
        assertThat(state(), is("leader 1 isr [1] eligible []"));
    }

    @Test
    void anUncleanElectionIsOnlyForPartitionsWithoutLeader() {
        assertThat(MachineFixture.faultOf(elect(Election.UNCLEAN)), is(Fault.ELECTION_NOT_NEEDED));
        fence(1, 2, 3);
        assertThat(MachineFixture.faultOf(elect(Election.UNCLEAN)), is(Fault.ELIGIBLE_LEADERS_NOT_AVAILABLE));
        unfence(2);
        assertThat(state(), is("leader -1 isr [3] eligible []"));
        assertThat(MachineFixture.accepted(elect(Election.UNCLEAN)), is(2));
        assertThat(state(), is("leader 2 isr [2] eligible []"));
    }

    @Test
    void thePreferredLeaderComesBackWhenItIsInSync() {
        assertThat(MachineFixture.faultOf(elect(Election.PREFERRED)), is(Fault.ELECTION_NOT_NEEDED));
        fence(1);
        unfence(1);
        assertThat(MachineFixture.faultOf(elect(Election.PREFERRED)), is(Fault.PREFERRED_LEADER_NOT_AVAILABLE));
        assertThat(PreferredLeaders.missing(kit.image, 10), is(empty()));
        MachineFixture.accepted(isr(1, 2, 3));
        assertThat(PreferredLeaders.missing(kit.image, 10), contains(new PartitionKey(topic, 0)));
        assertThat(MachineFixture.accepted(elect(Election.PREFERRED)), is(1));
        assertThat(state(), is("leader 1 isr [1, 2, 3] eligible []"));
    }

    @Test
    void aDrainingNodeHandsOverAndStaysInSync() {
        MachineFixture.accepted(kit.run(new DrainNode(1, true)));
        assertThat(state(), is("leader 2 isr [1, 2, 3] eligible []"));
        fence(2, 3);
        assertThat(state(), is("leader 1 isr [1] eligible []"));
        assertThat(MachineFixture.accepted(kit.create(kit.topic("other", 3, 1))).partitions(), is(3));
        assertThat(
                kit.image.topic("other").orElseThrow().partitions().stream()
                        .mapToInt(PartitionImage::leader)
                        .toArray(),
                is(new int[] {4, 4, 4}));
    }

    @Test
    void aMoveEndsWhenTheNewReplicaIsInSync() {
        assertThat(MachineFixture.accepted(move(4, 2)), contains(4, 2));
        assertThat(partition().replicas(), contains(4, 2, 1, 3));
        assertThat(partition().adding(), contains(4));
        assertThat(partition().removing(), contains(1, 3));
        MachineFixture.accepted(isr(1, 2, 3, 4));
        assertThat(partition().replicas(), contains(4, 2));
        assertThat(partition().isMoving(), is(false));
        assertThat(state(), is("leader 4 isr [4, 2] eligible []"));
    }

    @Test
    void aMoveCanBeCancelledAndReplaced() {
        assertThat(MachineFixture.faultOf(move()), is(Fault.NO_REASSIGNMENT_IN_PROGRESS));
        move(4, 2);
        assertThat(MachineFixture.accepted(move(1, 2, 4)), contains(1, 2, 4));
        assertThat(partition().removing(), contains(3));
        assertThat(MachineFixture.accepted(move()), hasSize(3));
        assertThat(partition().replicas().contains(4), is(false));
        assertThat(partition().isMoving(), is(false));
        assertThat(MachineFixture.faultOf(move(1, 9)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        assertThat(MachineFixture.faultOf(move(1, 1)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
    }

    @Test
    void aShrinkOrANewOrderIsDoneAtOnce() {
        MachineFixture.accepted(move(3, 2));
        assertThat(partition().replicas(), contains(3, 2));
        assertThat(partition().isMoving(), is(false));
        assertThat(state(), is("leader 3 isr [2, 3] eligible []"));
    }

    @Test
    void onlyAStoppedNodeWithoutReplicasIsForgotten() {
        assertThat(MachineFixture.faultOf(kit.run(new UnregisterNode(1))), is(Fault.PRECONDITION_FAILED));
        assertThat(MachineFixture.faultOf(kit.run(new UnregisterNode(4))), is(Fault.PRECONDITION_FAILED));
        fence(4);
        MachineFixture.accepted(kit.run(new UnregisterNode(4)));
        assertThat(kit.image.node(4), is(Optional.empty()));
    }

    private Verdict<Integer> elect(Election kind, int chosen) {
        return kit.run(new ElectLeaders(kind, List.of(new PartitionKey(topic, 0)), List.of(chosen)))
                .getFirst();
    }

    @Test
    void aDesignatedLeaderMustBeInSyncAndRunning() {
        assertThat(MachineFixture.accepted(elect(Election.DESIGNATED, 3)), is(3));
        assertThat(state(), is("leader 3 isr [1, 2, 3] eligible []"));
        assertThat(MachineFixture.faultOf(elect(Election.DESIGNATED, 3)), is(Fault.ELECTION_NOT_NEEDED));
        assertThat(MachineFixture.faultOf(elect(Election.DESIGNATED, 4)), is(Fault.INVALID_REPLICA_ASSIGNMENT));
        fence(2);
        unfence(2);
        assertThat(MachineFixture.faultOf(elect(Election.DESIGNATED, 2)), is(Fault.PREFERRED_LEADER_NOT_AVAILABLE));
        kit.run(new DrainNode(1, true));
        assertThat(MachineFixture.faultOf(elect(Election.DESIGNATED, 1)), is(Fault.PREFERRED_LEADER_NOT_AVAILABLE));
    }

    @Test
    void anUncleanElectionTakesTheChosenReplicaOnlyWhereNobodyCanLeadWithoutALoss() {
        fence(1, 2, 3);
        unfence(1);
        unfence(2);
        assertThat(state(), is("leader -1 isr [3] eligible []"));
        assertThat(MachineFixture.faultOf(elect(Election.UNCLEAN, 3)), is(Fault.PRECONDITION_FAILED));
        assertThat(MachineFixture.faultOf(elect(Election.UNCLEAN, 4)), is(Fault.PRECONDITION_FAILED));
        assertThat(MachineFixture.accepted(elect(Election.UNCLEAN, 2)), is(2));
        assertThat(state(), is("leader 2 isr [2] eligible []"));
    }

    private NodeImage node(int id) {
        return kit.image.node(id).orElseThrow();
    }

    @Test
    void aNodeThatIsToGoDrainsAndKeepsThatThroughRestartsUntilItIsResumed() {
        MachineFixture.accepted(kit.run(new MetadataCommand.DecommissionNode(1)));
        assertThat(state(), is("leader 2 isr [1, 2, 3] eligible []"));
        anew(1, new UUID(5, 5));
        assertThat(node(1).decommissioning(), is(true));
        assertThat(node(1).draining(), is(true));
        MachineFixture.accepted(kit.run(new DrainNode(1, true)));
        assertThat("draining takes nothing back", node(1).decommissioning(), is(true));
        MachineFixture.accepted(kit.run(new DrainNode(1, false)));
        assertThat(node(1).decommissioning(), is(false));
        assertThat(node(1).draining(), is(false));
    }

    @Test
    void aNodeThatNobodyCanReplaceStays() {
        kit.run(new DrainNode(4, true));
        assertThat(
                MachineFixture.faultOf(kit.run(new MetadataCommand.DecommissionNode(1))),
                is(Fault.PRECONDITION_FAILED));
        assertThat(MachineFixture.faultOf(kit.run(new MetadataCommand.DecommissionNode(9))), is(Fault.UNKNOWN_NODE));
        assertThat(node(1).draining(), is(false));
    }
}
