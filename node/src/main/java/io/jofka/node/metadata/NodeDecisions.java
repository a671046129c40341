package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.DecommissionNode;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.RepairNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;
import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.NodeChange;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Decisions about nodes, producer ids and the cluster itself. Pure. */
final class NodeDecisions {
    private final EffectiveConfigs configs;

    NodeDecisions(EffectiveConfigs configs) {
        this.configs = configs;
    }

    Decision<Verdict<OptionalInt>> register(MetadataImage image, RegisterNode command) {
        NodeImage node = command.node();
        if (node.id() < 0) {
            return refused(Verdict.refused(Fault.INVALID_PARAMETER, "A node id must not be negative"));
        }
        Optional<NodeImage> known = image.node(node.id());
        NodeImage kept = known.map(k -> node.with(node.fenced(), k.draining(), k.decommissioning()))
                .orElseGet(() -> node.with(node.fenced(), false, false));
        if (known.isPresent() && known.get().equals(kept)) {
            return new Decision<>(List.of(), new Accepted<>(OptionalInt.of(node.id())));
        }
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.NodeRegistered(kept));
        boolean startedAnew = known.isPresent() && !known.get().incarnation().equals(node.incarnation());
        if (startedAnew && image.load(node.id()).replicas() > 0) {
            boolean otherDisk = !known.get().logDirectories().isEmpty()
                    && !new HashSet<>(known.get().logDirectories()).equals(new HashSet<>(node.logDirectories()));
            Leadership leadership = new Leadership(
                    image, Map.of(node.id(), kept.with(true, kept.draining(), kept.decommissioning())), configs);
            for (TopicImage topic : image.topics()) {
                for (PartitionImage partition : topic.partitions()) {
                    if (partition.replicas().contains(node.id())) {
                        startedAnew(leadership, topic, partition, node.id(), otherDisk)
                                .ifPresent(records::add);
                    }
                }
            }
        }
        return new Decision<>(records, new Accepted<>(OptionalInt.of(node.id())));
    }

    /**
     * What a new life of a node means for one of its replicas. Where another replica is in sync that one leads, and this
     * one catches up. The only one in sync goes on under a new epoch, since what its last life had not forced may be gone
     * and offsets written twice must be told apart (KIP-101); unless its disk is another one: then nobody is known to have
     * the records, and a person has to decide.
     */
    private static Optional<MetadataRecord> startedAnew(
            Leadership leadership, TopicImage topic, PartitionImage partition, int node, boolean otherDisk) {
        PartitionDraft draft = new PartitionDraft(partition);
        List<Integer> self = List.of(node);
        if (otherDisk) {
            draft.isr = PartitionDraft.without(draft.isr, self);
            draft.eligible = PartitionDraft.without(draft.eligible, self);
            leadership.lead(draft);
        } else if (draft.isr.equals(self)) {
            if (draft.leader == node) {
                draft.sameLeaderNewEpoch();
            }
        } else {
            leadership.repair(topic, draft);
            if (!leadership.forced(topic)) {
                // a cut of power may have taken the end of its log
                draft.eligible = PartitionDraft.without(draft.eligible, self);
            }
        }
        return draft.record(topic.id());
    }

    Decision<Verdict<OptionalInt>> fence(MetadataImage image, FenceNode command) {
        Optional<NodeImage> node = image.node(command.id());
        if (node.isEmpty()) {
            return unknown(command.id());
        }
        if (!node.get().incarnation().equals(command.incarnation())) {
            return refused(Verdict.refused(
                    Fault.PRECONDITION_FAILED, "Node " + command.id() + " has been started anew since"));
        }
        NodeImage known = node.get();
        return change(image, known, known.with(command.fenced(), known.draining(), known.decommissioning()));
    }

    Decision<Verdict<OptionalInt>> drain(MetadataImage image, DrainNode command) {
        return image.node(command.id())
                .map(node -> change(
                        image,
                        node,
                        node.with(node.fenced(), command.draining(), command.draining() && node.decommissioning())))
                .orElseGet(() -> unknown(command.id()));
    }

    /** Refused where a partition would be left with nobody to take the node's place. */
    Decision<Verdict<OptionalInt>> decommission(MetadataImage image, DecommissionNode command) {
        Optional<NodeImage> node = image.node(command.id());
        if (node.isEmpty()) {
            return unknown(command.id());
        }
        boolean others = image.nodes().stream().anyMatch(n -> n.id() != command.id() && n.isUsable());
        ReplicaBalance.Leaving leaving = ReplicaBalance.leave(image, command.id(), 0);
        if (!others || leaving.stuck() > 0) {
            String partitions = leaving.firstStuck()
                    .map(first -> leaving.stuck() + " partitions, such as " + first + ",")
                    .orElse("the cluster");
            return refused(Verdict.refused(
                    Fault.PRECONDITION_FAILED,
                    "No other node can take the place of node " + command.id() + " in " + partitions
                            + ": add a node, or lower their number of replicas, first"));
        }
        return change(image, node.get(), node.get().with(node.get().fenced(), true, true));
    }

    private Decision<Verdict<OptionalInt>> change(MetadataImage image, NodeImage node, NodeImage next) {
        if (node.equals(next)) {
            return new Decision<>(List.of(), new Accepted<>(OptionalInt.of(node.id())));
        }
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new NodeChange(node.id(), next.fenced(), next.draining(), next.decommissioning()));
        records.addAll(new Leadership(image, Map.of(node.id(), next), configs).repairAround(node.id()));
        return new Decision<>(records, new Accepted<>(OptionalInt.of(node.id())));
    }

    /** What is left of a node's change that was too large for one decision; the verdict has the number of changes. */
    Decision<Verdict<Integer>> repair(MetadataImage image, RepairNode command) {
        List<MetadataRecord> records = new Leadership(image, Map.of(), configs).repairAround(command.id());
        return new Decision<>(records, new Accepted<>(records.size()));
    }

    Decision<Verdict<OptionalInt>> unregister(MetadataImage image, UnregisterNode command) {
        Optional<NodeImage> node = image.node(command.id());
        if (node.isEmpty()) {
            return unknown(command.id());
        }
        int replicas = image.load(command.id()).replicas();
        if (replicas > 0) {
            return refused(Verdict.refused(
                    Fault.PRECONDITION_FAILED,
                    "Node " + command.id() + " has " + replicas + " replicas: move them to other nodes first"));
        }
        if (!node.get().fenced()) {
            return refused(
                    Verdict.refused(Fault.PRECONDITION_FAILED, "Node " + command.id() + " is running: stop it first"));
        }
        return new Decision<>(
                List.of(new MetadataRecord.RemoveNode(command.id())), new Accepted<>(OptionalInt.of(command.id())));
    }

    Decision<Verdict<Long>> takeProducerIds(MetadataImage image, TakeProducerIds command) {
        long first = image.nextProducerId();
        if (command.size() < 1 || first > Long.MAX_VALUE - command.size()) {
            return refused(Verdict.refused(
                    Fault.INVALID_PARAMETER, "There is no block of " + command.size() + " producer ids"));
        }
        long next = first + command.size();
        return new Decision<>(List.of(new ProducerIdBlock(command.node(), first, next)), new Accepted<>(first));
    }

    Decision<Verdict<String>> nameCluster(MetadataImage image, NameCluster command) {
        if (image.clusterId().equals(command.clusterId())) {
            return new Decision<>(List.of(), new Accepted<>(image.clusterId()));
        }
        if (!image.clusterId().isEmpty()) {
            return refused(Verdict.refused(
                    Fault.PRECONDITION_FAILED,
                    "The metadata belongs to cluster " + image.clusterId() + ", not to " + command.clusterId()));
        }
        return new Decision<>(
                List.of(
                        new MetadataRecord.Cluster(command.clusterId()),
                        new Feature(Feature.METADATA, Feature.METADATA_LEVEL)),
                new Accepted<>(command.clusterId()));
    }

    private static Decision<Verdict<OptionalInt>> unknown(int id) {
        return refused(Verdict.refused(Fault.UNKNOWN_NODE, "Node " + id + " is not registered"));
    }

    private static <A> Decision<A> refused(A verdict) {
        return new Decision<>(List.of(), verdict);
    }
}
