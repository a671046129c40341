package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataCommand.DecommissionNode;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@link ClusterAdmin} by commands for the active controller. Thread-safe, without state. */
final class LocalClusterAdmin implements ClusterAdmin {
    private static final int MIN_TIMEOUT_MS = 1_000;
    private static final int MAX_TIMEOUT_MS = 300_000;
    /** Stands for a topic that this node does not know; the machine refuses it. */
    private static final UUID NO_TOPIC = new UUID(0, 0);

    private final Submitter submitter;
    private final LocalImages images;

    LocalClusterAdmin(Submitter submitter, LocalImages images) {
        this.submitter = submitter;
        this.images = images;
    }

    @Override
    public CompletableFuture<Answer<Integer>> electLeaders(
            Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs) {
        ElectLeaders command = new ElectLeaders(
                switch (kind) {
                    case PREFERRED -> ElectLeaders.Election.PREFERRED;
                    case DESIGNATED -> ElectLeaders.Election.DESIGNATED;
                    case UNCLEAN -> ElectLeaders.Election.UNCLEAN;
                },
                ballots.stream().map(ballot -> key(ballot.place())).toList(),
                ballots.stream().map(Ballot::node).toList());
        return each(command, ballots.size(), validateOnly, timeoutMs, leader -> leader);
    }

    @Override
    public CompletableFuture<Answer<List<Integer>>> moveReplicas(
            List<Move> moves, boolean validateOnly, int timeoutMs) {
        MoveReplicas command = new MoveReplicas(moves.stream()
                .map(move -> new MetadataCommand.Move(key(move.place()), move.target()))
                .toList());
        return each(command, moves.size(), validateOnly, timeoutMs, replicas -> replicas);
    }

    @Override
    public CompletableFuture<Answer<Integer>> drain(int node, boolean draining, boolean validateOnly, int timeoutMs) {
        return one(new DrainNode(node, draining), validateOnly, timeoutMs);
    }

    @Override
    public CompletableFuture<Answer<Integer>> decommission(int node, boolean validateOnly, int timeoutMs) {
        return one(new DecommissionNode(node), validateOnly, timeoutMs);
    }

    private PartitionKey key(Place place) {
        UUID id = images.image().topic(place.topic()).map(topic -> topic.id()).orElse(NO_TOPIC);
        return new PartitionKey(id, place.partition());
    }

    private CompletableFuture<Answer<Integer>> one(
            MetadataCommand<Verdict<OptionalInt>> command, boolean validateOnly, int timeoutMs) {
        return submitter
                .submit(command, validateOnly, Math.clamp(timeoutMs, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS))
                .thenApply(reply -> switch (reply) {
                    case Reply.Done<Verdict<OptionalInt>>(long index, Verdict<OptionalInt> verdict) ->
                        new Answer<>(index, List.of(outcome(verdict, OptionalInt::getAsInt)));
                    case Reply.Failed<Verdict<OptionalInt>>(Fault fault, String detail) -> failed(1, fault, detail);
                });
    }

    private <V, T> CompletableFuture<Answer<T>> each(
            MetadataCommand<List<Verdict<V>>> command,
            int count,
            boolean validateOnly,
            int timeoutMs,
            Function<V, T> value) {
        return submitter
                .submit(command, validateOnly, Math.clamp(timeoutMs, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS))
                .thenApply(reply -> switch (reply) {
                    case Reply.Done<List<Verdict<V>>>(long index, List<Verdict<V>> verdicts) ->
                        new Answer<>(
                                index,
                                verdicts.stream()
                                        .map(verdict -> outcome(verdict, value))
                                        .toList());
                    case Reply.Failed<List<Verdict<V>>>(Fault fault, String detail) -> failed(count, fault, detail);
                });
    }

    private <T> Answer<T> failed(int count, Fault fault, String detail) {
        List<Outcome<T>> outcomes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            outcomes.add(new Outcome.Refused<>(fault, detail, ""));
        }
        return new Answer<>(images.image().index(), outcomes);
    }

    private static <V, T> Outcome<T> outcome(Verdict<V> verdict, Function<V, T> value) {
        return switch (verdict) {
            case Verdict.Accepted<V>(V accepted) -> new Outcome.Ok<>(value.apply(accepted));
            case Verdict.Refused<V>(Fault fault, String detail, String pointer) ->
                new Outcome.Refused<>(fault, detail, pointer);
        };
    }
}
