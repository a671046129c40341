package io.jofka.node.kafka;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.TopicImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Topic administration on a {@link FakeCluster}, at once. */
final class FakeAdmin implements TopicAdmin, ClusterAdmin, ProducerIds, ReplicaDescriptions {
    private final FakeCluster cluster;
    final List<Move> moved = new CopyOnWriteArrayList<>();
    private final AtomicLong nextProducerId = new AtomicLong(1000);

    FakeAdmin(FakeCluster cluster) {
        this.cluster = cluster;
    }

    private static <I, T> CompletableFuture<Answer<T>> each(List<I> items, Function<I, Outcome<T>> step) {
        return CompletableFuture.completedFuture(
                new Answer<>(1, items.stream().map(step).toList()));
    }

    private static <T> Outcome<T> refused(Fault fault) {
        return new Outcome.Refused<>(fault, "refused by the test: " + fault, "/name");
    }

    @Override
    public CompletableFuture<Answer<Created>> createTopics(
            List<TopicSpec> topics, boolean validateOnly, int timeoutMs) {
        return each(topics, spec -> {
            if (cluster.current().topic(spec.name()).isPresent()) {
                return refused(Fault.TOPIC_ALREADY_EXISTS);
            }
            if (spec.configs().containsKey("no.such.config")) {
                return refused(Fault.INVALID_CONFIG);
            }
            int partitions = spec.partitions() > 0 ? spec.partitions() : 1;
            if (partitions > 1000) {
                return refused(Fault.POLICY_VIOLATION);
            }
            TopicImage made = cluster.add(spec.name(), partitions, spec.configs());
            if (validateOnly) {
                cluster.remove(spec.name());
            }
            return new Outcome.Ok<>(new Created(spec.name(), made.id(), partitions, 1, spec.configs()));
        });
    }

    @Override
    public CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> topics, boolean validateOnly, int timeoutMs) {
        return each(topics, ref -> {
            Optional<TopicImage> known = ref.name()
                    .flatMap(name -> cluster.current().topic(name))
                    .or(() -> ref.id().flatMap(id -> cluster.current().topic(id)));
            if (known.isEmpty()) {
                return refused(ref.name().isPresent() ? Fault.UNKNOWN_TOPIC_OR_PARTITION : Fault.UNKNOWN_TOPIC_ID);
            }
            cluster.remove(known.get().name());
            return new Outcome.Ok<>(new Deleted(known.get().name(), known.get().id()));
        });
    }

    @Override
    public CompletableFuture<Answer<Grown>> createPartitions(
            List<Growth> growths, boolean validateOnly, int timeoutMs) {
        return each(growths, growth -> {
            Optional<TopicImage> known = cluster.current().topic(growth.topic());
            if (known.isEmpty()) {
                return refused(Fault.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (growth.totalPartitions() <= known.get().partitions().size() || growth.totalPartitions() > 1000) {
                return refused(Fault.INVALID_PARTITIONS);
            }
            cluster.add(growth.topic(), growth.totalPartitions(), known.get().configs());
            return new Outcome.Ok<>(new Grown(growth.topic(), growth.totalPartitions()));
        });
    }

    @Override
    public CompletableFuture<Answer<Altered>> alterConfigs(
            List<ConfigChange> changes, boolean validateOnly, int timeoutMs) {
        return each(
                changes,
                change -> change.ops().stream().anyMatch(op -> op.key().equals("no.such.config"))
                        ? refused(Fault.INVALID_CONFIG)
                        : new Outcome.Ok<>(new Altered(change.name())));
    }

    @Override
    public CompletableFuture<OffsetService.Result<Long>> next() {
        return CompletableFuture.completedFuture(new OffsetService.Result.Ok<>(nextProducerId.getAndIncrement()));
    }

    @Override
    public Optional<Replica> replica(TopicPartition partition) {
        return replicas().stream()
                .filter(replica -> replica.partition().equals(partition))
                .findFirst();
    }

    @Override
    public List<Replica> replicas() {
        return cluster.current().topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new Replica(
                                new TopicPartition(topic.id(), partition.partition()),
                                new PartitionOffsets(0, 5, 5, 5, 0),
                                5,
                                321,
                                List.of(),
                                "")))
                .toList();
    }

    @Override
    public List<LogDirectory> directories() {
        return List.of(new LogDirectory(Path.of("data"), true, "", 1000, 500));
    }

    @Override
    public List<ProducerEntry> producers(TopicPartition partition) {
        return List.of();
    }

    @Override
    public List<Optional<Led>> led(List<TopicPartition> partitions) {
        return partitions.stream().map(p -> Optional.<Led>empty()).toList();
    }

    @Override
    public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
        return CompletableFuture.completedFuture(Optional.of(new LogEnd(0, 5, 0, 5)));
    }

    private boolean exists(Place place) {
        return cluster.current()
                .topic(place.topic())
                .filter(t -> place.partition() >= 0
                        && place.partition() < t.partitions().size())
                .isPresent();
    }

    @Override
    public CompletableFuture<Answer<Integer>> electLeaders(
            Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs) {
        return each(
                ballots,
                ballot ->
                        refused(exists(ballot.place()) ? Fault.ELECTION_NOT_NEEDED : Fault.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Override
    public CompletableFuture<Answer<List<Integer>>> moveReplicas(
            List<Move> moves, boolean validateOnly, int timeoutMs) {
        return each(moves, move -> {
            if (!exists(move.place())) {
                return refused(Fault.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (move.target().isEmpty()) {
                return refused(Fault.NO_REASSIGNMENT_IN_PROGRESS);
            }
            moved.add(move);
            return new Outcome.Ok<>(move.target().get());
        });
    }

    @Override
    public CompletableFuture<Answer<Integer>> drain(int node, boolean draining, boolean validateOnly, int timeoutMs) {
        return each(List.of(node), Outcome.Ok::new);
    }

    @Override
    public CompletableFuture<Answer<Integer>> decommission(int node, boolean validateOnly, int timeoutMs) {
        return each(List.of(node), Outcome.Ok::new);
    }
}
