package io.jofka.node.partition;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.jofka.api.batch.ControlRecord.Outcome;
import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent.Ack;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderTransactionTest {
    private final Leader leader = new Leader(Leader.replicated());

    private void begin(long producer) {
        leader.step(new LeaderEvent.TransactionBegun<>(producer, (short) 0));
    }

    private void send(String ticket, long producer, int sequence) {
        leader.append(ticket, Headers.transactional(producer, 0, sequence, 1), Ack.ALL);
    }

    @Test
    void transactionNotBegunByACoordinatorIsRefused() {
        send("a", 1, 0);
        assertThat(leader.refusal("a"), equalTo(Optional.of(Fault.INVALID_TXN_STATE)));
    }

    @Test
    void openTransactionHoldsBackTheLastStableOffset() {
        leader.append("plain", Headers.plain(1), Ack.ALL);
        begin(1);
        send("a", 1, 0);
        send("b", 1, 1);
        assertThat(leader.machine.highWatermark(), is(3L));
        assertThat(leader.machine.lastStableOffset(), is(1L));
        leader.mark("commit", 1, 0, Outcome.COMMIT);
        assertThat(leader.done("commit").baseOffset(), is(3L));
        assertThat(leader.machine.lastStableOffset(), is(4L));
        assertThat(leader.aborted.isEmpty(), is(true));
    }

    @Test
    void abortIsIndexedBeforeReadersSeeIt() {
        begin(1);
        send("a", 1, 0);
        leader.mark("abort", 1, 0, Outcome.ABORT);
        assertThat(leader.aborted, contains(new AbortedTransaction(1, 0, 1, 2)));
        assertThat(leader.last.get(0) instanceof LeaderEffect.Aborted<String>, is(true));
        assertThat(leader.last.get(1) instanceof LeaderEffect.Moved<String>, is(true));
    }

    @Test
    void earliestOfSeveralOpenTransactionsCounts() {
        begin(1);
        begin(2);
        send("a", 1, 0);
        send("b", 2, 0);
        leader.mark("abort 1", 1, 0, Outcome.ABORT);
        assertThat(leader.machine.lastStableOffset(), is(1L));
        assertThat(leader.aborted, contains(new AbortedTransaction(1, 0, 2, 1)));
        leader.mark("commit 2", 2, 0, Outcome.COMMIT);
        assertThat(leader.machine.lastStableOffset(), is(4L));
    }

    @Test
    void endedTransactionIsUnstableUntilItsMarkerIsReplicated() {
        Leader two = new Leader(Leader.replicated(), Set.of(1, 2), 2, 0);
        two.step(new LeaderEvent.TransactionBegun<>(1L, (short) 0));
        two.append("a", Headers.transactional(1, 0, 0, 1), Ack.ALL);
        two.mark("abort", 1, 0, Outcome.ABORT);
        two.step(new LeaderEvent.FollowerFetched<>(2, 7, 1, 0));
        assertThat(two.machine.highWatermark(), is(1L));
        assertThat(two.machine.lastStableOffset(), is(0L));
        two.step(new LeaderEvent.FollowerFetched<>(2, 7, 2, 0));
        assertThat(two.machine.lastStableOffset(), is(2L));
    }

    @Test
    void plainBatchWithinATransactionIsRefused() {
        begin(1);
        send("a", 1, 0);
        leader.append("b", Headers.producer(1, 0, 1, 1), Ack.ALL);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.INVALID_TXN_STATE)));
    }

    @Test
    void nextTransactionHasToBeBegunAgain() {
        begin(1);
        send("a", 1, 0);
        leader.mark("commit", 1, 0, Outcome.COMMIT);
        send("b", 1, 1);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.INVALID_TXN_STATE)));
        begin(1);
        send("c", 1, 1);
        assertThat(leader.done("c").baseOffset(), is(2L));
    }

    @Test
    void markerOfANewerEpochFencesTheProducer() {
        begin(1);
        send("a", 1, 0);
        leader.mark("abort", 1, 1, Outcome.ABORT);
        assertThat(leader.aborted.size(), is(1));
        begin(1);
        send("b", 1, 1);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.FENCED_PRODUCER)));
        leader.mark("late", 1, 0, Outcome.COMMIT);
        assertThat(leader.refusal("late"), equalTo(Optional.of(Fault.FENCED_PRODUCER)));
    }

    @Test
    void deletedRecordsOfAnOpenTransactionDoNotPullTheStableOffsetBelowTheStart() {
        begin(1);
        send("a", 1, 0);
        leader.append("plain", Headers.plain(4), Ack.ALL);
        leader.step(new LeaderEvent.StartMoved<>(3));
        leader.append("more", Headers.plain(1), Ack.ALL);
        assertThat(leader.machine.lastStableOffset(), is(3L));
    }
}
