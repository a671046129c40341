package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeConfigs;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicConfigs;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.storage.Log.SegmentInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** One node's layers in memory: changes are made at once, under one lock. */
final class FakeCluster implements Images, TopicAdmin, ClusterAdmin, QuorumStatus, ReplicaDescriptions {
    static final int NODE = 1;

    private volatile FakeImage image = new FakeImage(
            5,
            new TreeMap<>(),
            List.of(new NodeImage(
                    NODE,
                    new UUID(1, 1),
                    true,
                    true,
                    false,
                    "",
                    Map.of("rest", new NodeImage.Endpoint("localhost", 8080)),
                    List.of())),
            Map.of());

    @Override
    public ClusterImage current() {
        return image;
    }

    @Override
    public boolean await(long index, int timeoutMs) {
        return image.index() >= index;
    }

    @Override
    public void onChange(Listener listener) {
        listener.changed(image, image);
    }

    private <Q, T> CompletableFuture<Answer<T>> each(List<Q> asked, Function<Q, Outcome<T>> change) {
        List<Outcome<T>> outcomes = new ArrayList<>();
        synchronized (this) {
            asked.forEach(one -> outcomes.add(change.apply(one)));
            return CompletableFuture.completedFuture(new Answer<>(image.index(), outcomes));
        }
    }

    private void commit(SortedMap<String, TopicImage> topics, Map<String, Map<String, String>> configs) {
        image = new FakeImage(image.index() + 1, topics, image.nodes(), configs);
    }

    private static <T> Outcome<T> no(Fault fault, String detail, String pointer) {
        return new Outcome.Refused<>(fault, detail, pointer);
    }

    @Override
    public CompletableFuture<Answer<Created>> createTopics(
            List<TopicSpec> topics, boolean validateOnly, int timeoutMs) {
        return each(topics, spec -> create(spec, validateOnly));
    }

    private Outcome<Created> create(TopicSpec spec, boolean validateOnly) {
        if (!spec.name().matches("[a-zA-Z0-9._-]{1,249}") || spec.name().matches("\\.{1,2}")) {
            return no(Fault.INVALID_TOPIC, "Not a topic name.", "/name");
        }
        if (image.topic(spec.name()).isPresent()) {
            return no(Fault.TOPIC_ALREADY_EXISTS, "Topic " + spec.name() + " exists.", "/name");
        }
        int partitions = spec.partitions() == -1 ? 1 : spec.partitions();
        if (partitions < 1 || partitions > 10_000) {
            return no(Fault.INVALID_PARTITIONS, "Partitions are 1 to 10000.", "/partitions");
        }
        if (spec.replicationFactor() != -1 && spec.replicationFactor() != 1) {
            return no(Fault.INVALID_REPLICATION_FACTOR, "There is one node.", "/replicationFactor");
        }
        if (!spec.assignment().isEmpty()) {
            return no(Fault.INVALID_REPLICA_ASSIGNMENT, "The fake takes none.", "/assignment");
        }
        for (Map.Entry<String, String> config : spec.configs().entrySet()) {
            Optional<String> wrong = TopicConfigs.table().problem(config.getKey(), config.getValue());
            if (wrong.isPresent()) {
                return no(Fault.INVALID_CONFIG, wrong.get() + ".", "/configs/" + config.getKey());
            }
        }
        UUID id = new UUID(7, image.index());
        if (!validateOnly) {
            TreeMap<String, TopicImage> byName = new TreeMap<>(image.byName());
            long index = image.index() + 1;
            byName.put(
                    spec.name(),
                    new TopicImage(spec.name(), id, false, partitions(partitions), spec.configs(), index, index));
            commit(byName, image.configs());
        }
        return new Outcome.Ok<>(new Created(spec.name(), id, partitions, 1, spec.configs()));
    }

    private static List<PartitionImage> partitions(int count) {
        List<PartitionImage> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new PartitionImage(i, List.of(NODE), List.of(NODE), List.of(), NODE, 0, 0));
        }
        return all;
    }

    @Override
    public CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> topics, boolean validateOnly, int timeoutMs) {
        return each(topics, ref -> {
            TopicImage topic = image.topic(ref.name().orElse("")).orElseThrow();
            if (!validateOnly) {
                TreeMap<String, TopicImage> byName = new TreeMap<>(image.byName());
                byName.remove(topic.name());
                commit(byName, image.configs());
            }
            return new Outcome.Ok<>(new Deleted(topic.name(), topic.id()));
        });
    }

    @Override
    public CompletableFuture<Answer<Grown>> createPartitions(
            List<Growth> growths, boolean validateOnly, int timeoutMs) {
        return each(growths, growth -> {
            TopicImage topic = image.topic(growth.topic()).orElseThrow();
            if (growth.totalPartitions() <= topic.partitions().size() || growth.totalPartitions() > 10_000) {
                return no(Fault.INVALID_PARTITIONS, "Partitions only grow.", "/partitions");
            }
            if (!validateOnly) {
                replace(topic, partitions(growth.totalPartitions()), topic.configs());
            }
            return new Outcome.Ok<>(new Grown(topic.name(), growth.totalPartitions()));
        });
    }

    private void replace(TopicImage topic, List<PartitionImage> partitions, Map<String, String> configs) {
        TreeMap<String, TopicImage> byName = new TreeMap<>(image.byName());
        byName.put(
                topic.name(),
                new TopicImage(
                        topic.name(), topic.id(), false, partitions, configs, topic.createdIndex(), image.index() + 1));
        commit(byName, image.configs());
    }

    @Override
    public CompletableFuture<Answer<Altered>> alterConfigs(
            List<ConfigChange> changes, boolean validateOnly, int timeoutMs) {
        return each(changes, change -> alter(change, validateOnly));
    }

    private Outcome<Altered> alter(ConfigChange change, boolean validateOnly) {
        boolean ofTopic = change.resource() == Resource.TOPIC;
        Map<String, String> configs = new HashMap<>(
                ofTopic ? image.topic(change.name()).orElseThrow().configs() : image.nodeConfigs(change.name()));
        for (ConfigOp op : change.ops()) {
            if (op.kind() == ConfigOp.Kind.DELETE) {
                configs.remove(op.key());
                continue;
            }
            Optional<String> wrong =
                    (ofTopic ? TopicConfigs.table() : NodeConfigs.table()).problem(op.key(), op.value());
            if (wrong.isPresent()) {
                return no(Fault.INVALID_CONFIG, wrong.get() + ".", "/" + op.key());
            }
            configs.put(op.key(), op.value());
        }
        if (!validateOnly && ofTopic) {
            TopicImage topic = image.topic(change.name()).orElseThrow();
            replace(topic, topic.partitions(), configs);
        } else if (!validateOnly) {
            Map<String, Map<String, String>> all = new HashMap<>(image.configs());
            all.put(change.name(), configs);
            commit(new TreeMap<>(image.byName()), all);
        }
        return new Outcome.Ok<>(new Altered(change.name()));
    }

    @Override
    public Status status() {
        Voter self = new Voter(NODE, "dir", image.index() + 1, 0, -1, -1);
        return new Status(
                NODE,
                1,
                NODE,
                "leader",
                image.index() + 1,
                image.index() + 1,
                image.index(),
                List.of(self),
                Optional.of(new Snapshot(3, 1, 4096, "h2", 1_767_225_600_000L)));
    }

    @Override
    public CompletableFuture<Quorum> quorum() {
        return CompletableFuture.completedFuture(new Quorum(NODE, 1, image.index() + 1, status().voters(), List.of()));
    }

    @Override
    public CompletableFuture<Transfer> transfer(int node, int timeoutMs) {
        return CompletableFuture.completedFuture(
                node == NODE
                        ? new Transfer.Done(NODE, 2)
                        : new Transfer.Refused(Fault.INVALID_BODY, "Node " + node + " does not vote.", "/node"));
    }

    @Override
    public List<Optional<Led>> led(List<TopicPartition> partitions) {
        return partitions.stream()
                .map(p -> Optional.of(new Led(sample(p).offsets(), 1200, "", List.of(new Follower(2, 9, 20)))))
                .toList();
    }

    @Override
    public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
        return CompletableFuture.completedFuture(Optional.of(new LogEnd(2, 12, 0, 12)));
    }

    @Override
    public CompletableFuture<Long> snapshot() {
        return CompletableFuture.completedFuture(image.index());
    }

    @Override
    public Optional<Replica> replica(TopicPartition partition) {
        return image.topic(partition.topicId()).map(topic -> sample(partition));
    }

    private static Replica sample(TopicPartition partition) {
        List<SegmentInfo> segments = List.of(
                new SegmentInfo(0, 10, 1000, 1_767_225_600_000L, false), new SegmentInfo(10, 12, 200, -1, true));
        return new Replica(partition, new PartitionOffsets(2, 12, 12, 12, 0), 12, 1200, segments, "");
    }

    @Override
    public List<Replica> replicas() {
        return List.of();
    }

    @Override
    public List<LogDirectory> directories() {
        return List.of(new LogDirectory(Path.of("data"), true, "", 1 << 20, 1 << 19));
    }

    @Override
    public List<ProducerEntry> producers(TopicPartition partition) {
        return List.of(
                new ProducerEntry(9, (short) 0, 4, 1_767_225_600_000L, -1),
                new ProducerEntry(4, (short) 1, 7, 1_767_225_600_000L, 3));
    }

    private Optional<PartitionImage> at(Place place) {
        return image.topic(place.topic())
                .filter(t -> place.partition() >= 0
                        && place.partition() < t.partitions().size())
                .map(t -> t.partitions().get(place.partition()));
    }

    /** Puts one partition of a topic into another state. */
    void put(String topic, PartitionImage partition) {
        synchronized (this) {
            TopicImage before = image.topic(topic).orElseThrow();
            List<PartitionImage> all = new ArrayList<>(before.partitions());
            all.set(partition.partition(), partition);
            replace(before, all, before.configs());
        }
    }

    @Override
    public CompletableFuture<Answer<Integer>> electLeaders(
            Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs) {
        return each(ballots, ballot -> elect(kind, ballot, validateOnly));
    }

    private Outcome<Integer> elect(Election kind, Ballot ballot, boolean validateOnly) {
        Optional<PartitionImage> found = at(ballot.place());
        if (found.isEmpty()) {
            return no(Fault.UNKNOWN_TOPIC_OR_PARTITION, "No such partition.", "");
        }
        PartitionImage p = found.get();
        int wanted = kind == Election.PREFERRED ? p.replicas().getFirst() : ballot.node();
        if (kind == Election.UNCLEAN ? p.leader() >= 0 : p.leader() == wanted) {
            return no(Fault.ELECTION_NOT_NEEDED, "Node " + p.leader() + " leads.", "");
        }
        if (!p.replicas().contains(wanted)) {
            return no(Fault.INVALID_REPLICA_ASSIGNMENT, "Node " + wanted + " has no replica.", "");
        }
        if (!validateOnly) {
            List<Integer> isr = kind == Election.UNCLEAN ? List.of(wanted) : p.isr();
            put(
                    ballot.place().topic(),
                    new PartitionImage(
                            p.partition(),
                            p.replicas(),
                            isr,
                            List.of(),
                            wanted,
                            p.leaderEpoch() + 1,
                            p.partitionEpoch() + 1));
        }
        return new Outcome.Ok<>(wanted);
    }

    @Override
    public CompletableFuture<Answer<List<Integer>>> moveReplicas(
            List<Move> moves, boolean validateOnly, int timeoutMs) {
        return each(moves, move -> move(move, validateOnly));
    }

    private Outcome<List<Integer>> move(Move move, boolean validateOnly) {
        Optional<PartitionImage> found = at(move.place());
        if (found.isEmpty()) {
            return no(Fault.UNKNOWN_TOPIC_OR_PARTITION, "No such partition", "");
        }
        PartitionImage p = found.get();
        List<Integer> settled = new ArrayList<>(p.replicas());
        settled.removeAll(p.adding());
        List<Integer> target = move.target().orElse(settled);
        if (move.target().isEmpty() && !p.isMoving()) {
            return no(Fault.NO_REASSIGNMENT_IN_PROGRESS, "Nothing moves", "");
        }
        if (target.isEmpty() || target.stream().anyMatch(node -> node < 1 || node > 3)) {
            return no(Fault.INVALID_REPLICA_ASSIGNMENT, "There are nodes 1 to 3", "");
        }
        List<Integer> adding = new ArrayList<>(target);
        adding.removeAll(settled);
        List<Integer> removing = new ArrayList<>(settled);
        removing.removeAll(target);
        List<Integer> replicas = new ArrayList<>(target);
        replicas.addAll(removing);
        if (!validateOnly) {
            put(
                    move.place().topic(),
                    new PartitionImage(
                            p.partition(),
                            replicas,
                            p.isr(),
                            p.eligible(),
                            p.leader(),
                            p.leaderEpoch(),
                            p.partitionEpoch() + 1,
                            adding,
                            removing));
        }
        return new Outcome.Ok<>(target);
    }

    @Override
    public CompletableFuture<Answer<Integer>> drain(int node, boolean draining, boolean validateOnly, int timeoutMs) {
        return each(List.of(node), id -> change(id, draining, false, validateOnly));
    }

    @Override
    public CompletableFuture<Answer<Integer>> decommission(int node, boolean validateOnly, int timeoutMs) {
        return each(List.of(node), id -> change(id, true, true, validateOnly));
    }

    private Outcome<Integer> change(int id, boolean draining, boolean decommissioning, boolean validateOnly) {
        NodeImage n = image.node(id).orElseThrow();
        if (!validateOnly) {
            NodeImage next = new NodeImage(
                    id,
                    n.incarnation(),
                    true,
                    true,
                    n.fenced(),
                    n.rack(),
                    n.endpoints(),
                    n.logDirectories(),
                    draining,
                    decommissioning);
            image = new FakeImage(image.index() + 1, image.byName(), List.of(next), image.configs());
        }
        return new Outcome.Ok<>(id);
    }
}
