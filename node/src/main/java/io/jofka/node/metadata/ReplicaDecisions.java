package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decisions about who is in sync, who leads, and where replicas are. Pure. */
final class ReplicaDecisions {
    private final MetadataLimits limits;
    private final EffectiveConfigs configs;

    ReplicaDecisions(MetadataLimits limits, EffectiveConfigs configs) {
        this.limits = limits;
        this.configs = configs;
    }

    /** A partition that a command names, with the draft of what becomes of it. */
    private record Named(TopicImage topic, PartitionDraft draft) {}

    private interface Rule<I, V> {
        Verdict<V> decide(I item, Named partition, Leadership leadership);
    }

    private interface Key<I> {
        PartitionKey of(I item);
    }

    /** Decides items one by one; each partition may be named once. */
    private <I, V> Decision<List<Verdict<V>>> each(MetadataImage image, List<I> items, Key<I> key, Rule<I, V> rule) {
        Leadership leadership = new Leadership(image, Map.of(), configs);
        List<MetadataRecord> records = new ArrayList<>();
        List<Verdict<V>> verdicts = new ArrayList<>(items.size());
        Set<PartitionKey> seen = new HashSet<>();
        for (I item : items) {
            PartitionKey named = key.of(item);
            Optional<Named> found = find(image, named);
            if (found.isEmpty()) {
                verdicts.add(Verdict.refused(
                        Fault.UNKNOWN_TOPIC_OR_PARTITION,
                        "Partition " + named.partition() + " of topic " + named.topicId() + " does not exist"));
            } else if (!seen.add(named)) {
                verdicts.add(Verdict.refused(Fault.INVALID_PARAMETER, "The partition is named twice"));
            } else if (records.size() >= Leadership.MAX_CHANGES) {
                verdicts.add(
                        Verdict.refused(Fault.POLICY_VIOLATION, "The request changes too many partitions at once"));
            } else {
                Verdict<V> verdict = rule.decide(item, found.get(), leadership);
                verdicts.add(verdict);
                if (verdict instanceof Accepted<V>) {
                    found.get().draft().record(named.topicId()).ifPresent(records::add);
                }
            }
        }
        return new Decision<>(records, verdicts);
    }

    private static Optional<Named> find(MetadataImage image, PartitionKey key) {
        return image.topic(key.topicId())
                .filter(topic -> key.partition() >= 0
                        && key.partition() < topic.partitions().size())
                .map(topic ->
                        new Named(topic, new PartitionDraft(topic.partitions().get(key.partition()))));
    }

    /** The verdicts have the new partition epochs. */
    Decision<List<Verdict<Integer>>> alterIsr(MetadataImage image, AlterIsr command) {
        boolean current = image.node(command.node())
                .filter(node -> node.incarnation().equals(command.incarnation()) && !node.fenced())
                .isPresent();
        return each(
                image,
                command.changes(),
                change -> new PartitionKey(change.topicId(), change.partition()),
                (change, named, leadership) -> current
                        ? isr(change, named, command.node(), leadership)
                        : Verdict.refused(
                                Fault.PRECONDITION_FAILED,
                                "Node " + command.node() + " is fenced, or has been started anew since"));
    }

    private static Verdict<Integer> isr(IsrChange change, Named named, int leader, Leadership leadership) {
        PartitionDraft draft = named.draft();
        PartitionImage old = draft.old();
        if (change.leaderEpoch() > old.leaderEpoch()) {
            return Verdict.refused(Fault.UNKNOWN_LEADER_EPOCH, "The leader epoch is " + old.leaderEpoch());
        }
        if (change.leaderEpoch() < old.leaderEpoch() || old.leader() != leader) {
            return Verdict.refused(
                    Fault.FENCED_LEADER_EPOCH,
                    "Node " + old.leader() + " leads the partition in epoch " + old.leaderEpoch());
        }
        if (change.partitionEpoch() != old.partitionEpoch()) {
            return Verdict.refused(Fault.PRECONDITION_FAILED, "The partition epoch is " + old.partitionEpoch());
        }
        List<Integer> isr = change.isr();
        if (!isr.contains(leader) || !old.replicas().containsAll(isr) || new HashSet<>(isr).size() != isr.size()) {
            return Verdict.refused(
                    Fault.INVALID_REPLICA_ASSIGNMENT,
                    "The in-sync set " + isr + " must be of the replicas " + old.replicas()
                            + ", the leader among them");
        }
        for (int node : isr) {
            if (!leadership.lives(node)) {
                return Verdict.refused(Fault.PRECONDITION_FAILED, "Node " + node + " is fenced: it cannot be in sync");
            }
        }
        List<Integer> ordered = old.replicas().stream().filter(isr::contains).toList();
        if (!new HashSet<>(ordered).equals(new HashSet<>(old.isr()))) {
            draft.isr(ordered, leadership.minIsr(named.topic(), old));
        }
        complete(draft, leadership);
        if (draft.record(change.topicId()).isEmpty()) {
            // who asks for the set there is wants to be sure of it: an older proposal that is still under way must not
            // be taken after this answer, so the partition epoch rises
            draft.confirmIsr();
        }
        return new Accepted<>(old.partitionEpoch() + 1);
    }

    /** A move ends when all that come in are in sync: those that go are let go, and somebody who stays leads. */
    private static void complete(PartitionDraft draft, Leadership leadership) {
        List<Integer> staying = PartitionDraft.without(draft.isr, draft.removing);
        if ((draft.adding.isEmpty() && draft.removing.isEmpty())
                || !draft.isr.containsAll(draft.adding)
                || staying.isEmpty()) {
            return;
        }
        draft.replicas = PartitionDraft.without(draft.replicas, draft.removing);
        draft.isr = staying;
        draft.eligible = PartitionDraft.without(draft.eligible, draft.removing);
        draft.adding = List.of();
        draft.removing = List.of();
        leadership.lead(draft);
    }

    private record Ballot(PartitionKey key, int chosen) {}

    /** The verdicts have the leaders. */
    Decision<List<Verdict<Integer>>> elect(MetadataImage image, ElectLeaders command) {
        List<Ballot> ballots = new ArrayList<>(command.partitions().size());
        for (PartitionKey key : command.partitions()) {
            ballots.add(new Ballot(key, command.chosen(ballots.size())));
        }
        return each(image, ballots, Ballot::key, (ballot, named, leadership) -> switch (command.kind()) {
            case PREFERRED -> preferred(named.draft(), leadership);
            case DESIGNATED -> designated(named.draft(), ballot.chosen(), leadership);
            case UNCLEAN -> unclean(named.draft(), ballot.chosen(), leadership);
        });
    }

    private static Verdict<Integer> designated(PartitionDraft draft, int chosen, Leadership leadership) {
        if (!draft.replicas.contains(chosen)) {
            return Verdict.refused(
                    Fault.INVALID_REPLICA_ASSIGNMENT,
                    "Node " + chosen + " has no replica of the partition; those are on " + draft.replicas);
        }
        if (draft.leader == chosen) {
            return Verdict.refused(Fault.ELECTION_NOT_NEEDED, "Node " + chosen + " leads already");
        }
        if (!draft.isr.contains(chosen) || !leadership.mayLead(chosen)) {
            return Verdict.refused(
                    Fault.PREFERRED_LEADER_NOT_AVAILABLE,
                    "Node " + chosen + " is not in sync, not running, or is draining");
        }
        draft.leader = chosen;
        return new Accepted<>(chosen);
    }

    private static Verdict<Integer> preferred(PartitionDraft draft, Leadership leadership) {
        int preferred = draft.replicas.getFirst();
        if (draft.leader == preferred) {
            return Verdict.refused(Fault.ELECTION_NOT_NEEDED, "Node " + preferred + " leads already");
        }
        if (!draft.isr.contains(preferred) || !leadership.mayLead(preferred)) {
            return Verdict.refused(
                    Fault.PREFERRED_LEADER_NOT_AVAILABLE,
                    "Node " + preferred + " is not in sync, not running, or is draining");
        }
        draft.leader = preferred;
        return new Accepted<>(preferred);
    }

    /** Loses what only the replicas have that do not live; whoever can lead without a loss is taken before the chosen. */
    private static Verdict<Integer> unclean(PartitionDraft draft, int chosen, Leadership leadership) {
        if (draft.leader >= 0 && leadership.lives(draft.leader)) {
            return Verdict.refused(Fault.ELECTION_NOT_NEEDED, "Node " + draft.leader + " leads");
        }
        leadership.lead(draft);
        if (draft.leader < 0) {
            if (chosen >= 0 && !(draft.replicas.contains(chosen) && leadership.lives(chosen))) {
                return Verdict.refused(
                        Fault.PRECONDITION_FAILED, "Node " + chosen + " has no replica of the partition, or has ended");
            }
            Optional<Integer> any = draft.replicas.stream()
                    .filter(node -> leadership.lives(node) && (chosen < 0 || node == chosen))
                    .findFirst();
            if (any.isEmpty()) {
                return Verdict.refused(Fault.ELIGIBLE_LEADERS_NOT_AVAILABLE, "None of the replicas is running");
            }
            draft.leader = any.get();
            draft.isr = List.of(draft.leader);
            draft.eligible = List.of();
        }
        return new Accepted<>(draft.leader);
    }

    /** The verdicts have the replicas that there will be. */
    Decision<List<Verdict<List<Integer>>>> move(MetadataImage image, MoveReplicas command) {
        return each(
                image,
                command.moves(),
                Move::key,
                (move, named, leadership) -> move.target().isEmpty()
                        ? cancel(named.draft(), leadership)
                        : move(move.target().get(), image, named, leadership));
    }

    private static Verdict<List<Integer>> cancel(PartitionDraft draft, Leadership leadership) {
        if (!draft.old().isMoving()) {
            return Verdict.refused(Fault.NO_REASSIGNMENT_IN_PROGRESS, "The partition's replicas are not moving");
        }
        List<Integer> staying = PartitionDraft.without(draft.isr, draft.adding);
        if (staying.isEmpty()) {
            return Verdict.refused(
                    Fault.PRECONDITION_FAILED, "Only replicas that are coming in are in sync: the move must go on");
        }
        draft.replicas = PartitionDraft.without(draft.replicas, draft.adding);
        draft.isr = staying;
        draft.eligible = PartitionDraft.without(draft.eligible, draft.adding);
        draft.adding = List.of();
        draft.removing = List.of();
        leadership.lead(draft);
        return new Accepted<>(draft.replicas);
    }

    private Verdict<List<Integer>> move(List<Integer> target, MetadataImage image, Named named, Leadership leadership) {
        PartitionDraft draft = named.draft();
        if (target.isEmpty()
                || target.size() > limits.maxReplicationFactor()
                || new HashSet<>(target).size() != target.size()) {
            return Verdict.refused(
                    Fault.INVALID_REPLICA_ASSIGNMENT,
                    "A partition has 1 to " + limits.maxReplicationFactor() + " replicas on different nodes, not "
                            + target);
        }
        List<Integer> before = PartitionDraft.without(draft.replicas, draft.adding);
        List<Integer> adding = PartitionDraft.without(target, before);
        for (int node : adding) {
            if (image.node(node).filter(NodeImage::isUsable).isEmpty()) {
                return Verdict.refused(
                        Fault.INVALID_REPLICA_ASSIGNMENT,
                        "Node " + node + " is unknown, not running, draining, or keeps no partitions");
            }
        }
        List<Integer> removing = PartitionDraft.without(before, target);
        List<Integer> dropped = PartitionDraft.without(draft.adding, target);
        List<Integer> replicas = new ArrayList<>(target);
        replicas.addAll(removing);
        List<Integer> staying = PartitionDraft.without(draft.isr, dropped);
        if (staying.isEmpty() && !draft.isr.isEmpty()) {
            return Verdict.refused(
                    Fault.PRECONDITION_FAILED, "The replicas in sync would all be dropped: cancel the move first");
        }
        draft.replicas = List.copyOf(replicas);
        draft.isr = staying;
        draft.eligible = PartitionDraft.without(draft.eligible, dropped);
        draft.adding = adding;
        draft.removing = removing;
        complete(draft, leadership);
        leadership.lead(draft);
        return new Accepted<>(target);
    }
}
