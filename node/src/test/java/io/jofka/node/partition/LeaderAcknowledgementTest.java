package io.jofka.node.partition;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent.Ack;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderAcknowledgementTest {
    @Test
    void forcedAnswersAllOnlyAfterTheForce() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(3), Ack.ALL);
        assertThat(leader.answers, not(hasKey("a")));
        assertThat(leader.machine.highWatermark(), is(0L));
        assertThat(leader.forces, is(1));
        leader.forcedTo(3);
        assertThat(leader.done("a"), equalTo(new AppendAnswer.Done(0, 2, -1, false)));
        assertThat(leader.machine.highWatermark(), is(3L));
    }

    @Test
    void forcedAnswersLeaderAckAtOnceButShowsNothingBeforeTheForce() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(3), Ack.LEADER);
        assertThat(leader.done("a").lastOffset(), is(2L));
        assertThat(leader.machine.highWatermark(), is(0L));
        assertThat(leader.machine.logEndOffset(), is(3L));
    }

    @Test
    void oneForceRunsAtATimeAndTheNextTakesAllThatCameMeanwhile() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.append("b", Headers.plain(1), Ack.ALL);
        leader.append("c", Headers.plain(1), Ack.ALL);
        assertThat(leader.forces, is(1));
        leader.forcedTo(1);
        assertThat(leader.order, contains("a"));
        assertThat(leader.forces, is(2));
        leader.forcedTo(3);
        assertThat(leader.order, contains("a", "b", "c"));
        assertThat(leader.forces, is(2));
    }

    @Test
    void replicatedAnswersFromThePageCacheWithoutForce() {
        Leader leader = new Leader(Leader.replicated());
        leader.append("a", Headers.plain(2), Ack.ALL);
        assertThat(leader.done("a").lastOffset(), is(1L));
        assertThat(leader.forces, is(0));
    }

    @Test
    void positionsMoveBeforeTheAnswerSoThatWritersReadTheirWrites() {
        Leader leader = new Leader(Leader.replicated());
        leader.append("a", Headers.plain(2), Ack.ALL);
        int moved = indexOf(leader.last, LeaderEffect.Moved.class);
        int answer = indexOf(leader.last, LeaderEffect.Answer.class);
        assertThat(moved >= 0 && moved < answer, is(true));
    }

    @Test
    void followersInSyncHoldBackTheHighWatermark() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1, 2, 3), 3, 0);
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.FollowerFetched<>(2, 7, 5, 0));
        assertThat(leader.machine.highWatermark(), is(0L));
        leader.step(new LeaderEvent.FollowerFetched<>(3, 7, 4, 0));
        assertThat(leader.machine.highWatermark(), is(4L));
        assertThat(leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.FollowerFetched<>(3, 7, 5, 0));
        assertThat(leader.done("a").lastOffset(), is(4L));
    }

    @Test
    void forcedCountsTheLeaderItselfOnlyWhenForced() {
        Leader leader = new Leader(Leader.forced(), Set.of(1, 2), 2, 0);
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.FollowerFetched<>(2, 7, 5, 0));
        assertThat(leader.machine.highWatermark(), is(0L));
        leader.forcedTo(5);
        assertThat(leader.machine.highWatermark(), is(5L));
    }

    @Test
    void fetchOfAnotherEpochAcknowledgesNothing() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1, 2), 2, 0);
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.FollowerFetched<>(2, 6, 5, 0));
        leader.step(new LeaderEvent.FollowerFetched<>(2, 8, 5, 0));
        leader.step(new LeaderEvent.FollowerFetched<>(2, 7, 99, 0));
        assertThat(leader.machine.highWatermark(), is(0L));
    }

    @Test
    void raisedEpochForgetsWhatFollowersSaidAndKeepsWhatWaits() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1, 2), 2, 0);
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.EpochRaised<>(9));
        leader.step(new LeaderEvent.FollowerFetched<>(2, 7, 5, 0));
        assertThat(leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.FollowerFetched<>(2, 9, 5, 0));
        assertThat(leader.done("a").baseOffset(), is(0L));
        leader.propose("b", Headers.plain(1), Ack.ALL);
        assertThat(
                ((LeaderEffect.Store<String>) leader.last.getFirst())
                        .batches()
                        .getFirst()
                        .leaderEpoch(),
                is(9));
    }

    @Test
    void leavingFollowerLetsTheHighWatermarkGoOn() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1, 2), 2, 0);
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.IsrCommitted<>(0, Set.of(1), Set.of(1, 2)));
        assertThat("an old partition epoch is ignored", leader.machine.highWatermark(), is(0L));
        leader.step(new LeaderEvent.IsrCommitted<>(1, Set.of(1), Set.of(1, 2)));
        assertThat(leader.done("a").lastOffset(), is(4L));
    }

    @Test
    void tooFewInSyncRefuseAllAndStillTakeLeaderAck() {
        Leader leader = new Leader(new LeaderRules(false, 2, false), Set.of(1), 3, 0);
        leader.append("a", Headers.plain(1), Ack.ALL);
        assertThat(leader.refusal("a"), equalTo(Optional.of(Fault.NOT_ENOUGH_REPLICAS)));
        leader.append("b", Headers.plain(1), Ack.LEADER);
        assertThat(leader.done("b").lastOffset(), is(0L));
        assertThat("too few hold it to be visible (KIP-966)", leader.machine.highWatermark(), is(0L));
    }

    @Test
    void neverMoreInSyncAreAskedForThanThereAreReplicas() {
        Leader leader = new Leader(new LeaderRules(false, 2, false));
        leader.append("a", Headers.plain(1), Ack.ALL);
        assertThat(leader.done("a").lastOffset(), is(0L));
    }

    @Test
    void deadlineGivesAnUnknownOutcome() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(new LeaderEvent.TimePassed<>(Leader.DEADLINE - 1));
        assertThat(leader.answers, not(hasKey("a")));
        leader.step(new LeaderEvent.TimePassed<>(Leader.DEADLINE));
        assertThat(leader.unknown("a"), equalTo(Optional.of(Fault.OUTCOME_UNKNOWN)));
        leader.forcedTo(1);
        assertThat("answered once", leader.order, contains("a"));
    }

    @Test
    void failedWriteLeavesNoTrace() {
        Leader leader = new Leader(Leader.replicated());
        leader.append("a", Headers.producer(9, 0, 0, 2), Ack.ALL);
        leader.propose("b", Headers.producer(9, 0, 2, 2), Ack.ALL);
        leader.propose("c", Headers.plain(1), Ack.LEADER);
        leader.step(new LeaderEvent.WriteFailed<>(Fault.DISK_FULL, "full", true));
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.DISK_FULL)));
        assertThat(leader.refusal("c"), equalTo(Optional.of(Fault.DISK_FULL)));
        assertThat(leader.machine.logEndOffset(), is(2L));
        leader.append("d", Headers.producer(9, 0, 2, 2), Ack.ALL);
        assertThat(leader.done("d"), equalTo(new AppendAnswer.Done(2, 3, -1, false)));
    }

    @Test
    void stopMakesTheOutcomeOfAllThatWaitsUnknown() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.propose("b", Headers.plain(1), Ack.LEADER);
        leader.step(new LeaderEvent.Stopped<>(Fault.STORAGE_OFFLINE, "gone"));
        assertThat(leader.unknown("a"), equalTo(Optional.of(Fault.STORAGE_OFFLINE)));
        assertThat(leader.unknown("b"), equalTo(Optional.of(Fault.STORAGE_OFFLINE)));
    }

    @Test
    void leaderTimeIsStampedIntoHeaderAndAnswer() {
        Leader leader = new Leader(new LeaderRules(false, 1, true));
        leader.propose("a", Headers.plain(1), Ack.ALL);
        var stored =
                ((LeaderEffect.Store<String>) leader.last.getFirst()).batches().getFirst();
        assertThat(stored.isLogAppendTime(), is(true));
        assertThat(stored.maxTimestampMs(), is(5_000L));
        leader.written();
        assertThat(leader.done("a").appendTimeMs(), is(5_000L));
    }

    @Test
    void batchesOfOneAppendLieBehindEachOther() {
        Leader leader = new Leader(Leader.replicated(), Set.of(1), 1, 10);
        leader.step(new LeaderEvent.Proposed<>(
                "a", List.of(Headers.plain(3), Headers.plain(2)), Ack.ALL, Leader.DEADLINE, 0));
        leader.written();
        assertThat(leader.done("a"), equalTo(new AppendAnswer.Done(10, 14, -1, false)));
    }

    @Test
    void changeToReplicatedShowsWhatWasNotForced() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(1), Ack.ALL);
        leader.step(new LeaderEvent.RulesChanged<>(Leader.replicated()));
        assertThat(leader.done("a").lastOffset(), is(0L));
        leader.step(new LeaderEvent.RulesChanged<>(Leader.forced()));
        assertThat("never falls", leader.machine.highWatermark(), is(1L));
    }

    @Test
    void deleteRecordsIsHeldWithinLogStartAndHighWatermark() {
        Leader leader = new Leader(Leader.forced());
        leader.append("a", Headers.plain(5), Ack.ALL);
        leader.step(new LeaderEvent.StartAsked<>("d1", 1));
        assertThat(leader.last.getFirst() instanceof LeaderEffect.StartRefused<String>, is(true));
        leader.forcedTo(5);
        leader.step(new LeaderEvent.StartAsked<>("d2", 3));
        assertThat(leader.last, contains(equalTo(new LeaderEffect.MoveStart<>("d2", 3))));
        leader.step(new LeaderEvent.StartMoved<>(3));
        leader.step(new LeaderEvent.StartAsked<>("d3", 2));
        assertThat(leader.last, contains(equalTo(new LeaderEffect.StartUnmoved<>("d3", 3))));
        leader.step(new LeaderEvent.StartAsked<>("d4", -1));
        assertThat(leader.last, contains(equalTo(new LeaderEffect.MoveStart<>("d4", 5))));
    }

    private static int indexOf(List<LeaderEffect<String>> effects, Class<?> type) {
        for (int i = 0; i < effects.size(); i++) {
            if (type.isInstance(effects.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
