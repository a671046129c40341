package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicSettings;
import io.jofka.node.partition.AppendAnswer;
import io.jofka.node.sim.SimulatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the appends of a former leader depends on when its follower learns of them. */
final class FollowersTest {
    private static final TopicPartition P = new TopicPartition(new UUID(9, 9), 0);
    private static final PartitionImage LED_BY_2 =
            new PartitionImage(0, List.of(1, 2), List.of(1, 2), List.of(), 2, 2, 2);
    private static final PartitionSettings SETTINGS = PartitionSettings.of(TopicSettings.of(Map.of()), 86_400_000L);

    private final BrokerKit kit = new BrokerKit();
    private final SimulatedClock clock = new SimulatedClock();
    private final List<Throwable> bugs = new ArrayList<>();
    private final List<Runnable> opening = new ArrayList<>();
    private final LogStore store = new DirectoryStore(kit.directory);
    private final Followers followers = new Followers(
            store,
            new PartitionOpener(
                    1,
                    new BrokerSurroundings(
                            BrokerConfig.defaults(),
                            Runnable::run,
                            clock,
                            store,
                            (partition, leaderEpoch, partitionEpoch, isr, refusal) -> {},
                            (type, sentence, details) -> {},
                            bugs::add,
                            (fault, detail) -> bugs.add(new AssertionError(detail)))),
            opening::add,
            (type, sentence, details) -> {},
            bugs::add);

    @AfterEach
    void close() {
        assertThat(bugs, empty());
        kit.close();
    }

    private HandedOver append() {
        return new HandedOver(
                new CompletableFuture<>(),
                new AppendAnswer.Done(5, 7, 0, false),
                clock.nanos() + TimeUnit.MINUTES.toNanos(10),
                Runnable::run);
    }

    @Test
    void followerKnowsThemBeforeItsLogIsOpen() {
        HandedOver append = append();
        followers.expect(P, List.of(append));
        followers.follow(P, LED_BY_2, SETTINGS);
        assertThat("not open yet, and they wait", followers.someWait(), is(true));
        opening.forEach(Runnable::run);
        followers.forgetExpected(P);
        assertThat(append.future().isDone(), is(false));
        FollowerReplica replica = java.util.Objects.requireNonNull(followers.get(P));
        replica.close();
        assertThat(append.future().join(), instanceOf(ProduceOutcome.Unknown.class));
    }

    @Test
    void withoutAFollowerTheOutcomeIsUnknown() {
        HandedOver append = append();
        followers.expect(P, List.of(append));
        followers.forgetExpected(P);
        assertThat(append.future().join(), instanceOf(ProduceOutcome.Unknown.class));
    }

    /** Its log may have been cut, and filled with other records, since. */
    @Test
    void anOpenFollowerTakesNoneOver() {
        followers.follow(P, LED_BY_2, SETTINGS);
        opening.forEach(Runnable::run);
        FollowerReplica replica = java.util.Objects.requireNonNull(followers.get(P));
        HandedOver append = append();
        replica.adopt(List.of(append));
        assertThat(append.future().join(), instanceOf(ProduceOutcome.Unknown.class));
        replica.close();
    }
}
