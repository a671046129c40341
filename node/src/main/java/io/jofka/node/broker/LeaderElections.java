package io.jofka.node.broker;

import io.jofka.node.broker.ReplicaDescriptions.LogEnd;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.ClusterAdmin.Ballot;
import io.jofka.node.controller.ClusterAdmin.Election;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Elections that somebody asks for. Before an unclean one all living replicas are asked where they end, and the one that
 * has most is put up for the controller: by the leader epoch of its last record, then by its end, as voters of Raft compare
 * logs (Raft 5.4.1). Thread-safe; never blocks.
 */
public final class LeaderElections {
    private final ClusterAdmin cluster;
    private final Images images;
    private final ReplicaDescriptions replicas;

    public LeaderElections(ClusterAdmin cluster, Images images, ReplicaDescriptions replicas) {
        this.cluster = cluster;
        this.images = images;
        this.replicas = replicas;
    }

    /**
     * Who leads now, or on a dry run would.
     *
     * @param unclean whether the leader is none of those that are known to have all that was acknowledged
     * @param candidates the living replicas and where they end; only where an unclean election was asked for
     */
    public record Elected(int leader, boolean unclean, List<Candidate> candidates) {}

    /** @param end empty where the node did not answer */
    public record Candidate(int node, Optional<LogEnd> end) {}

    /** What is known before the votes are cast. */
    private record Prepared(Ballot ballot, boolean leaderless, List<Integer> clean, List<Candidate> candidates) {}

    /** One outcome for each ballot, in order; the future never fails. A ballot that names a node is not changed. */
    public CompletableFuture<Answer<Elected>> elect(
            Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs) {
        List<CompletableFuture<Prepared>> preparing =
                ballots.stream().map(ballot -> prepare(kind, ballot)).toList();
        return CompletableFuture.allOf(preparing.toArray(CompletableFuture[]::new))
                .thenCompose(_ -> {
                    List<Prepared> prepared =
                            preparing.stream().map(CompletableFuture::join).toList();
                    List<Ballot> cast = prepared.stream().map(Prepared::ballot).toList();
                    return cluster.electLeaders(kind, cast, validateOnly, timeoutMs)
                            .thenApply(answer -> elected(prepared, answer));
                });
    }

    private CompletableFuture<Prepared> prepare(Election kind, Ballot ballot) {
        ClusterImage image = images.current();
        Optional<TopicImage> topic = image.topic(ballot.place().topic());
        Optional<PartitionImage> partition = topic.filter(t -> ballot.place().partition() >= 0
                        && ballot.place().partition() < t.partitions().size())
                .map(t -> t.partitions().get(ballot.place().partition()));
        if (kind != Election.UNCLEAN || topic.isEmpty() || partition.isEmpty()) {
            return CompletableFuture.completedFuture(new Prepared(ballot, false, List.of(), List.of()));
        }
        PartitionImage found = partition.get();
        List<Integer> clean = new ArrayList<>(found.isr());
        clean.addAll(found.eligible());
        TopicPartition id = new TopicPartition(topic.get().id(), found.partition());
        List<CompletableFuture<Candidate>> asked = found.replicas().stream()
                .filter(node -> lives(image, node))
                .map(node -> replicas.logEnd(node, id).thenApply(end -> new Candidate(node, end)))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            List<Candidate> candidates =
                    asked.stream().map(CompletableFuture::join).toList();
            Ballot best = ballot.node() >= 0 ? ballot : new Ballot(ballot.place(), best(candidates));
            return new Prepared(best, found.leader() < 0, clean, candidates);
        });
    }

    private static boolean lives(ClusterImage image, int node) {
        return image.node(node).filter(n -> n.broker() && !n.fenced()).isPresent();
    }

    /** -1 when nobody answers: then the controller takes the first that lives. The first of equals in order of preference. */
    static int best(List<Candidate> candidates) {
        Comparator<Candidate> byLog = Comparator.<Candidate>comparingInt(
                        c -> c.end().map(LogEnd::lastEpoch).orElse(-1))
                .thenComparingLong(c -> c.end().map(LogEnd::endOffset).orElse(-1L));
        int best = -1;
        Optional<Candidate> most = Optional.empty();
        for (Candidate candidate : candidates) {
            boolean more = most.map(m -> byLog.compare(candidate, m) > 0).orElse(true);
            if (candidate.end().isPresent() && more) {
                most = Optional.of(candidate);
                best = candidate.node();
            }
        }
        return best;
    }

    private static Answer<Elected> elected(List<Prepared> prepared, Answer<Integer> answer) {
        List<Outcome<Elected>> outcomes = new ArrayList<>(prepared.size());
        for (int i = 0; i < prepared.size(); i++) {
            Prepared one = prepared.get(i);
            outcomes.add(
                    switch (answer.outcomes().get(i)) {
                        case Outcome.Ok<Integer>(Integer leader) ->
                            new Outcome.Ok<>(new Elected(
                                    leader, one.leaderless() && !one.clean().contains(leader), one.candidates()));
                        case Outcome.Refused<Integer>(var fault, String detail, String pointer) ->
                            new Outcome.Refused<>(fault, detail, pointer);
                    });
        }
        return new Answer<>(answer.index(), outcomes);
    }

    /** The partitions that an election of this kind would change, where the caller names none. */
    public List<Place> wanting(Election kind) {
        ClusterImage image = images.current();
        List<Place> places = new ArrayList<>();
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                boolean wants = switch (kind) {
                    case PREFERRED, DESIGNATED ->
                        partition.leader() >= 0
                                && partition.leader() != partition.replicas().getFirst();
                    case UNCLEAN -> partition.leader() < 0;
                };
                if (wants) {
                    places.add(new Place(topic.name(), partition.partition()));
                }
            }
        }
        return places;
    }
}
