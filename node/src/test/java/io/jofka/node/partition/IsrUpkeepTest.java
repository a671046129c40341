package io.jofka.node.partition;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.node.partition.LeaderEvent.Ack;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a leader keeps its in-sync set (KIP-497, KIP-966). */
final class IsrUpkeepTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LAG = 10 * SECOND;

    private static Leader leader(Set<Integer> isr) {
        return new Leader(Leader.replicated(), isr, 3, 0);
    }

    private static LeaderEvent<String> fetched(int node, long offset, long now) {
        return new LeaderEvent.FollowerFetched<>(node, 7, offset, now);
    }

    @Test
    void followerThatHasAllIsProposedAndCountsFromThenOn() {
        Leader leader = leader(Set.of(1));
        leader.append("a", Headers.plain(5), Ack.ALL);
        assertThat(leader.done("a").lastOffset(), is(4L));
        leader.step(fetched(2, 4, 0));
        assertThat("behind the high watermark", leader.proposed, empty());
        leader.step(fetched(2, 5, 0));
        assertThat(leader.proposed, contains(Set.of(1, 2)));
        leader.append("b", Headers.plain(1), Ack.ALL);
        assertThat("the controller may have committed the larger set", leader.answers, not(hasKey("b")));
        leader.step(fetched(2, 6, 0));
        assertThat(leader.done("b").lastOffset(), is(5L));
        assertThat("one proposal at a time", leader.proposed.size(), is(1));
    }

    @Test
    void certainRefusalIsForgottenAndTriedAgainAfterAPause() {
        Leader leader = leader(Set.of(1));
        leader.step(fetched(2, 0, 0));
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(new LeaderEvent.IsrRefused<>(0, true, SECOND));
        assertThat(leader.done("a").lastOffset(), is(0L));
        leader.step(fetched(2, 1, SECOND + 1));
        assertThat(leader.proposed.size(), is(1));
        leader.step(fetched(2, 1, 2 * SECOND));
        assertThat(leader.proposed, contains(Set.of(1, 2), Set.of(1, 2)));
    }

    @Test
    void unknownOutcomeKeepsTheLargerSetUntilTheImageTells() {
        Leader leader = leader(Set.of(1));
        leader.step(fetched(2, 0, 0));
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(new LeaderEvent.IsrRefused<>(0, false, SECOND));
        assertThat(leader.answers, not(hasKey("a")));
        leader.step(fetched(3, 1, 3 * SECOND));
        leader.step(new LeaderEvent.IsrRefused<>(0, true, 4 * SECOND));
        assertThat("a later refusal says nothing of the first", leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.IsrCommitted<>(1, Set.of(1), Set.of(1, 2, 3)));
        assertThat(leader.done("a").lastOffset(), is(0L));
    }

    /** Else the high watermark would rest until something else changes the partition. */
    @Test
    void unknownOutcomeIsAskedForAgainUntilThePartitionEpochTells() {
        Leader leader = leader(Set.of(1));
        leader.step(fetched(2, 0, 0));
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(new LeaderEvent.IsrRefused<>(0, false, SECOND));
        leader.proposed.clear();
        leader.step(new LeaderEvent.IsrReviewed<>(SECOND + 1, LAG));
        assertThat("not at once", leader.proposed, empty());
        leader.step(new LeaderEvent.IsrReviewed<>(2 * SECOND, LAG));
        assertThat(leader.proposed, contains(Set.of(1)));
        leader.step(new LeaderEvent.IsrRefused<>(0, true, 2 * SECOND));
        assertThat("the first may still be under way", leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.IsrReviewed<>(3 * SECOND, LAG));
        assertThat(leader.proposed, contains(Set.of(1), Set.of(1)));
        leader.step(new LeaderEvent.IsrCommitted<>(1, Set.of(1), Set.of(1, 2, 3)));
        assertThat(leader.done("a").lastOffset(), is(0L));
    }

    @Test
    void followerThatLagsTooLongIsProposedAway() {
        Leader leader = leader(Set.of(1, 2, 3));
        leader.step(new LeaderEvent.IsrReviewed<>(0, LAG));
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(fetched(2, 1, SECOND));
        leader.step(new LeaderEvent.IsrReviewed<>(LAG, LAG));
        assertThat(leader.proposed, empty());
        leader.step(new LeaderEvent.IsrReviewed<>(LAG + 1, LAG));
        assertThat(leader.proposed, contains(Set.of(1, 2)));
        assertThat("still in the committed set", leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.IsrCommitted<>(1, Set.of(1, 2), Set.of(1, 2, 3)));
        assertThat(leader.done("a").lastOffset(), is(0L));
    }

    @Test
    void followerThatKeepsUpWithWhatWasThereStays() {
        Leader leader = leader(Set.of(1, 2));
        leader.step(new LeaderEvent.IsrReviewed<>(0, LAG));
        for (int i = 1; i <= 30; i++) {
            leader.append("r" + i, Headers.plain(1), Ack.LEADER);
            // always one record behind, but never behind what the leader had at the fetch before
            leader.step(fetched(2, i - 1, i * SECOND));
            leader.step(new LeaderEvent.IsrReviewed<>(i * SECOND, LAG));
        }
        assertThat(leader.proposed, empty());
    }

    @Test
    void strangersAreNeverProposed() {
        Leader leader = leader(Set.of(1));
        leader.step(fetched(9, 0, 0));
        assertThat(leader.proposed, empty());
    }

    @Test
    void newLeaderAsksForWhatItBeganWith() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1, 3), 3, 10);
        leader.step(fetched(2, 9, 0));
        assertThat(leader.proposed, empty());
        leader.step(fetched(2, 10, 0));
        assertThat(leader.proposed, contains(Set.of(1, 2, 3)));
    }
}
