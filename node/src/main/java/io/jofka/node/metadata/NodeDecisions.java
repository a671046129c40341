package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.PartitionChange;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decisions about nodes, producer ids and the cluster itself. Pure. */
final class NodeDecisions {
    Decision<Verdict<OptionalInt>> register(MetadataImage image, RegisterNode command) {
        NodeImage node = command.node();
        if (node.id() < 0) {
            return refused(Verdict.refused(Fault.INVALID_PARAMETER, "A node id must not be negative"));
        }
        Optional<NodeImage> known = image.node(node.id());
        if (known.isPresent() && known.get().equals(node)) {
            return new Decision<>(List.of(), new Accepted<>(OptionalInt.of(node.id())));
        }
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.NodeRegistered(node));
        boolean startedAnew = known.isPresent() && !known.get().incarnation().equals(node.incarnation());
        if (startedAnew && image.load(node.id()).leaders() > 0) {
            for (TopicImage topic : image.topics()) {
                for (PartitionImage partition : topic.partitions()) {
                    if (partition.leader() == node.id()) {
                        records.add(PartitionChange.sameLeaderNewEpoch(topic.id(), partition));
                    }
                }
            }
        }
        return new Decision<>(records, new Accepted<>(OptionalInt.of(node.id())));
    }

    Decision<Verdict<OptionalInt>> fence(MetadataImage image, FenceNode command) {
        Optional<NodeImage> node = image.node(command.id());
        if (node.isEmpty()) {
            return refused(Verdict.refused(Fault.UNKNOWN_NODE, "Node " + command.id() + " is not registered"));
        }
        if (!node.get().incarnation().equals(command.incarnation())) {
            return refused(Verdict.refused(
                    Fault.PRECONDITION_FAILED, "Node " + command.id() + " has been started anew since"));
        }
        List<MetadataRecord> records = node.get().fenced() == command.fenced()
                ? List.of()
                : List.of(new MetadataRecord.NodeChange(command.id(), command.fenced()));
        return new Decision<>(records, new Accepted<>(OptionalInt.of(command.id())));
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

    private static <A> Decision<A> refused(A verdict) {
        return new Decision<>(List.of(), verdict);
    }
}
