package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.LeaderElections.Candidate;
import io.jofka.node.broker.LeaderElections.Elected;
import io.jofka.node.broker.ReplicaDescriptions.LogEnd;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.ClusterAdmin.Ballot;
import io.jofka.node.controller.ClusterAdmin.Election;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is put up before the controller decides. */
final class LeaderElectionsTest {
    private static final UUID TOPIC = new UUID(3, 3);
    private static final Place PLACE = new Place("t", 0);

    private final TestImages images = new TestImages();
    private final Map<Integer, LogEnd> ends = new HashMap<>();
    private final List<Ballot> cast = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();
    private final LeaderElections elections = new LeaderElections(new Controller(), images, new Replicas());

    /** Takes whoever the ballot names. */
    private final class Controller implements ClusterAdmin {
        @Override
        public CompletableFuture<Answer<Integer>> electLeaders(
                Election kind, List<Ballot> ballots, boolean validateOnly, int timeoutMs) {
            cast.addAll(ballots);
            return CompletableFuture.completedFuture(new Answer<>(
                    77,
                    ballots.stream()
                            .<Outcome<Integer>>map(b -> b.node() < 0
                                    ? new Outcome.Refused<>(Fault.ELIGIBLE_LEADERS_NOT_AVAILABLE, "nobody", "")
                                    : new Outcome.Ok<>(b.node()))
                            .toList()));
        }

        @Override
        public CompletableFuture<Answer<List<Integer>>> moveReplicas(
                List<Move> moves, boolean validateOnly, int timeoutMs) {
            throw new UnsupportedOperationException("nothing moves");
        }

        @Override
        public CompletableFuture<Answer<Integer>> drain(
                int node, boolean draining, boolean validateOnly, int timeoutMs) {
            throw new UnsupportedOperationException("nobody drains");
        }

        @Override
        public CompletableFuture<Answer<Integer>> decommission(int node, boolean validateOnly, int timeoutMs) {
            throw new UnsupportedOperationException("nobody goes");
        }
    }

    private final class Replicas implements ReplicaDescriptions {
        @Override
        public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
            assertThat(partition, is(new TopicPartition(TOPIC, 0)));
            asked.add(node);
            return CompletableFuture.completedFuture(Optional.ofNullable(ends.get(node)));
        }

        @Override
        public List<Optional<Led>> led(List<TopicPartition> partitions) {
            return List.of();
        }

        @Override
        public Optional<Replica> replica(TopicPartition partition) {
            return Optional.empty();
        }

        @Override
        public List<Replica> replicas() {
            return List.of();
        }

        @Override
        public List<LogDirectory> directories() {
            return List.of();
        }

        @Override
        public List<ProducerEntry> producers(TopicPartition partition) {
            return List.of();
        }
    }

    @BeforeEach
    void fourNodesOfWhichOneIsDead() {
        for (int node = 1; node <= 4; node++) {
            images.put(new NodeImage(node, new UUID(1, node), true, true, node == 4, "", Map.of(), List.of()));
        }
        partition(List.of(1, 2, 3, 4), List.of(4), -1);
    }

    private void partition(List<Integer> replicas, List<Integer> isr, int leader) {
        images.put("t", TOPIC, new PartitionImage(0, replicas, isr, List.of(), leader, 5, 5), Map.of());
    }

    private Outcome<Elected> elect(Election kind, int node) {
        Answer<Elected> answer = elections
                .elect(kind, List.of(new Ballot(PLACE, node)), false, 1_000)
                .join();
        assertThat(answer.index(), is(77L));
        return answer.outcomes().getFirst();
    }

    private static LogEnd end(int epoch, long end) {
        return new LogEnd(0, end, epoch, end);
    }

    @Test
    void theLivingReplicaOfTheNewestEpochWithTheLongestLogIsPutUp() {
        ends.put(1, end(3, 900));
        ends.put(2, end(4, 500));
        ends.put(3, end(4, 510));
        ends.put(4, end(5, 1_000));
        assertThat(
                elect(Election.UNCLEAN, -1),
                is(new Outcome.Ok<>(new Elected(
                        3,
                        true,
                        List.of(
                                new Candidate(1, Optional.of(end(3, 900))),
                                new Candidate(2, Optional.of(end(4, 500))),
                                new Candidate(3, Optional.of(end(4, 510))))))));
        assertThat("the dead one is not asked", asked, contains(1, 2, 3));
    }

    @Test
    void equalsAreTakenInOrderOfPreferenceAndTheSilentAreNot() {
        ends.put(2, end(4, 500));
        ends.put(3, end(4, 500));
        elect(Election.UNCLEAN, -1);
        assertThat(cast, contains(new Ballot(PLACE, 2)));
        ends.clear();
        assertThat(elect(Election.UNCLEAN, -1), instanceOf(Outcome.Refused.class));
    }

    @Test
    void whoIsNamedIsPutUpWhateverTheOthersHave() {
        ends.put(1, end(3, 1));
        ends.put(2, end(4, 500));
        elect(Election.UNCLEAN, 1);
        assertThat(cast, contains(new Ballot(PLACE, 1)));
    }

    @Test
    void anEligibleReplicaLosesNothing() {
        images.put("t", TOPIC, new PartitionImage(0, List.of(1, 2), List.of(), List.of(2), -1, 5, 5), Map.of());
        ends.put(2, end(4, 500));
        assertThat(
                elect(Election.UNCLEAN, -1) instanceof Outcome.Ok<Elected>(Elected elected) && elected.unclean(),
                is(false));
    }

    @Test
    void nobodyIsAskedForAnElectionThatLosesNothing() {
        partition(List.of(1, 2, 3), List.of(1, 2, 3), 2);
        assertThat(elect(Election.DESIGNATED, 1), is(new Outcome.Ok<>(new Elected(1, false, List.of()))));
        assertThat(asked, is(empty()));
        assertThat(elections.wanting(Election.PREFERRED), contains(PLACE));
        assertThat(elections.wanting(Election.UNCLEAN), is(empty()));
    }
}
