package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.Growth;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.Verdict.Accepted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decisions about how many partitions a topic gets and where their replicas go. Pure. */
final class PartitionDecisions {
    private final MetadataLimits limits;
    private final EffectiveConfigs defaults;

    PartitionDecisions(MetadataLimits limits, EffectiveConfigs defaults) {
        this.limits = limits;
        this.defaults = defaults;
    }

    /** Replicas by partition; {@code decided} partitions of the same command are not in the image yet. */
    Verdict<List<List<Integer>>> ofNewTopic(
            MetadataImage image, ReplicaPlacement placement, NewTopic topic, int decided) {
        if (!topic.assignment().isEmpty()) {
            return assigned(image, placement, topic, decided);
        }
        int partitions = topic.partitions() == -1 ? defaultOf(image, NodeConfigs.NUM_PARTITIONS) : topic.partitions();
        int replicas = topic.replicationFactor() == -1
                ? defaultOf(image, NodeConfigs.DEFAULT_REPLICATION_FACTOR)
                : topic.replicationFactor();
        Optional<Verdict<List<List<Integer>>>> bad = countProblem(image, partitions, partitions, decided, "/partitions")
                .or(() -> replicasProblem(placement, replicas));
        if (bad.isPresent()) {
            return bad.get();
        }
        return new Accepted<>(place(placement, 0, partitions, replicas));
    }

    /** Replicas of the partitions to add, in order. */
    Verdict<List<List<Integer>>> ofGrowth(
            MetadataImage image, ReplicaPlacement placement, TopicImage topic, Growth growth, int decided) {
        int current = topic.partitions().size();
        int more = growth.totalPartitions() - current;
        if (more <= 0) {
            return Verdict.refused(
                    Fault.INVALID_PARTITIONS,
                    "Topic '" + topic.name() + "' has " + current + " partitions already; " + growth.totalPartitions()
                            + " were asked for",
                    "/partitions");
        }
        int replicas = topic.partitions().getFirst().replicas().size();
        Optional<Verdict<List<List<Integer>>>> bad =
                countProblem(image, growth.totalPartitions(), more, decided, "/partitions");
        if (bad.isPresent()) {
            return bad.get();
        }
        if (growth.assignment().isEmpty()) {
            return replicasProblem(placement, replicas)
                    .orElseGet(() -> new Accepted<>(place(placement, current, more, replicas)));
        }
        if (growth.assignment().size() != more) {
            return badAssignment(
                    more + " partitions are added, and " + growth.assignment().size() + " are assigned");
        }
        return checked(image, placement, growth.assignment(), replicas);
    }

    /** A new partition on some replicas: those on usable nodes are in sync, the first of them leads. */
    PartitionImage fresh(MetadataImage image, int number, List<Integer> replicas) {
        List<Integer> usable = replicas.stream().filter(id -> usable(image, id)).toList();
        return new PartitionImage(number, replicas, usable, List.of(), usable.getFirst(), 0, 0);
    }

    /** Upper bound of what the records of some partitions take. */
    int recordBytes(List<List<Integer>> assignment) {
        return assignment.isEmpty()
                ? 0
                : assignment.size() * (48 + 12 * assignment.getFirst().size());
    }

    private Verdict<List<List<Integer>>> assigned(
            MetadataImage image, ReplicaPlacement placement, NewTopic topic, int decided) {
        Map<Integer, List<Integer>> assignment = topic.assignment();
        int partitions = assignment.size();
        if (topic.partitions() != -1 && topic.partitions() != partitions) {
            return Verdict.refused(
                    Fault.INVALID_PARAMETER,
                    topic.partitions() + " partitions were asked for, and " + partitions + " are assigned",
                    "/partitions");
        }
        Optional<Verdict<List<List<Integer>>>> bad =
                countProblem(image, partitions, partitions, decided, "/assignment");
        if (bad.isPresent()) {
            return bad.get();
        }
        List<List<Integer>> ordered = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            List<Integer> replicas = assignment.get(partition);
            if (replicas == null) {
                return badAssignment("partitions must be numbered from 0 without gaps; " + partition + " is missing");
            }
            ordered.add(List.copyOf(replicas));
        }
        int replicas = ordered.getFirst().size();
        if (topic.replicationFactor() != -1 && topic.replicationFactor() != replicas) {
            return Verdict.refused(
                    Fault.INVALID_PARAMETER,
                    topic.replicationFactor() + " replicas were asked for, and " + replicas + " are assigned",
                    "/replicationFactor");
        }
        return checked(image, placement, ordered, replicas);
    }

    private Verdict<List<List<Integer>>> checked(
            MetadataImage image, ReplicaPlacement placement, List<List<Integer>> assignment, int replicas) {
        for (List<Integer> nodes : assignment) {
            if (nodes.isEmpty() || nodes.size() > limits.maxReplicationFactor()) {
                return badAssignment(
                        "a partition has 1 to " + limits.maxReplicationFactor() + " replicas, not " + nodes.size());
            }
            if (nodes.size() != replicas) {
                return badAssignment("all partitions of a topic have the same number of replicas: " + replicas + " and "
                        + nodes.size() + " are given");
            }
            if (new HashSet<>(nodes).size() != nodes.size()) {
                return badAssignment("a partition has node twice: " + nodes);
            }
            for (int node : nodes) {
                if (image.node(node).filter(NodeImage::broker).isEmpty()) {
                    return badAssignment("node " + node + " does not exist or keeps no partitions");
                }
            }
            if (nodes.stream().noneMatch(node -> usable(image, node))) {
                return badAssignment("none of the nodes " + nodes + " is up");
            }
        }
        assignment.forEach(placement::add);
        return new Accepted<>(assignment.stream().map(List::copyOf).toList());
    }

    private Optional<Verdict<List<List<Integer>>>> countProblem(
            MetadataImage image, int total, int more, int decided, String pointer) {
        if (total < 1 || total > limits.maxPartitionsPerTopic()) {
            return Optional.of(Verdict.refused(
                    Fault.INVALID_PARTITIONS,
                    "A topic has 1 to " + limits.maxPartitionsPerTopic() + " partitions, not " + total,
                    pointer));
        }
        if ((long) image.partitionCount() + decided + more > limits.maxPartitions()) {
            return Optional.of(Verdict.refused(
                    Fault.POLICY_VIOLATION,
                    "The cluster has " + (image.partitionCount() + decided) + " of at most " + limits.maxPartitions()
                            + " partitions",
                    pointer));
        }
        return Optional.empty();
    }

    private Optional<Verdict<List<List<Integer>>>> replicasProblem(ReplicaPlacement placement, int replicas) {
        if (replicas < 1 || replicas > limits.maxReplicationFactor()) {
            return Optional.of(Verdict.refused(
                    Fault.INVALID_REPLICATION_FACTOR,
                    "A partition has 1 to " + limits.maxReplicationFactor() + " replicas, not " + replicas,
                    "/replicationFactor"));
        }
        if (replicas > placement.usableNodes()) {
            return Optional.of(Verdict.refused(
                    Fault.INVALID_REPLICATION_FACTOR,
                    replicas + " replicas need as many nodes; " + placement.usableNodes() + " are up",
                    "/replicationFactor"));
        }
        return Optional.empty();
    }

    private static List<List<Integer>> place(ReplicaPlacement placement, int first, int count, int replicas) {
        List<List<Integer>> assignment = new ArrayList<>(count);
        for (int partition = first; partition < first + count; partition++) {
            assignment.add(placement.place(partition, replicas));
        }
        return assignment;
    }

    private int defaultOf(MetadataImage image, String key) {
        ConfigKey row = NodeConfigs.table().key(key).orElseThrow();
        return Integer.parseInt(defaults.nodeValue(image, row).strip());
    }

    private static boolean usable(MetadataImage image, int node) {
        return image.node(node)
                .filter(known -> known.broker() && !known.fenced())
                .isPresent();
    }

    private static Verdict<List<List<Integer>>> badAssignment(String detail) {
        return Verdict.refused(
                Fault.INVALID_REPLICA_ASSIGNMENT, "The assignment is not valid: " + detail, "/assignment");
    }
}
