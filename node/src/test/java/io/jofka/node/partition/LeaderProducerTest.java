package io.jofka.node.partition;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.api.fault.Fault;
import io.jofka.node.partition.LeaderEvent.Ack;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sequences of idempotent producers (KIP-98, KIP-360). */
class LeaderProducerTest {
    private static final long P = 42;

    private final Leader leader = new Leader(Leader.replicated());

    private void send(String ticket, int epoch, int sequence, int records) {
        leader.append(ticket, Headers.producer(P, epoch, sequence, records), Ack.ALL);
    }

    @Test
    void retryIsAnsweredWithTheOriginalOffsets() {
        send("a", 0, 0, 3);
        send("b", 0, 3, 2);
        send("a again", 0, 0, 3);
        assertThat(leader.done("a again"), equalTo(new AppendAnswer.Done(0, 2, -1, true)));
        assertThat(leader.machine.logEndOffset(), is(5L));
    }

    @Test
    void eachOfTheLastFiveIsRemembered() {
        for (int i = 0; i < 5; i++) {
            send("b" + i, 0, i, 1);
        }
        for (int i = 0; i < 5; i++) {
            send("again" + i, 0, i, 1);
            assertThat(leader.done("again" + i).baseOffset(), is((long) i));
        }
    }

    @Test
    void olderThanFiveIsADuplicateWithoutOffsets() {
        for (int i = 0; i < 6; i++) {
            send("b" + i, 0, i, 1);
        }
        send("old", 0, 0, 1);
        assertThat(leader.refusal("old"), equalTo(Optional.of(Fault.DUPLICATE_SEQUENCE)));
    }

    @Test
    void olderThanAllIsAGapWhileFewerThanFiveAreRemembered() {
        send("first seen", 0, 10, 1);
        send("before it", 0, 9, 1);
        assertThat(
                "it may never have been stored: success must not be claimed",
                leader.refusal("before it"),
                equalTo(Optional.of(Fault.SEQUENCE_GAP)));
    }

    @Test
    void gapIsRefused() {
        send("a", 0, 0, 3);
        send("b", 0, 4, 1);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.SEQUENCE_GAP)));
        send("c", 0, 3, 1);
        assertThat(leader.done("c").baseOffset(), is(3L));
    }

    @Test
    void overlapThatIsNoExactRetryIsRefused() {
        send("a", 0, 0, 3);
        send("b", 0, 0, 4);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.SEQUENCE_GAP)));
    }

    @Test
    void unknownProducerMayStartAnywhere() {
        send("a", 3, 1_000, 1);
        assertThat(leader.done("a").baseOffset(), is(0L));
        send("b", 3, 1_001, 1);
        assertThat(leader.done("b").baseOffset(), is(1L));
    }

    @Test
    void lowerEpochIsFenced() {
        send("a", 1, 0, 1);
        send("b", 0, 1, 1);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.FENCED_PRODUCER)));
    }

    @Test
    void higherEpochStartsAtZero() {
        send("a", 0, 0, 1);
        send("b", 1, 1, 1);
        assertThat(leader.refusal("b"), equalTo(Optional.of(Fault.SEQUENCE_GAP)));
        send("c", 1, 0, 1);
        assertThat(leader.done("c").baseOffset(), is(1L));
        send("retry of the old epoch", 0, 0, 1);
        assertThat(leader.refusal("retry of the old epoch"), equalTo(Optional.of(Fault.FENCED_PRODUCER)));
    }

    @Test
    void sequenceWrapsAtTwoToThe31() {
        send("a", 0, Integer.MAX_VALUE - 1, 2);
        send("b", 0, 0, 2);
        assertThat(leader.done("b").baseOffset(), is(2L));
        send("a again", 0, Integer.MAX_VALUE - 1, 2);
        assertThat(leader.done("a again").duplicate(), is(true));
        send("c", 0, 2, 1);
        assertThat(leader.done("c").baseOffset(), is(4L));
    }

    @Test
    void batchMayWrapInItsMiddle() {
        send("a", 0, Integer.MAX_VALUE, 3);
        send("b", 0, 2, 1);
        assertThat(leader.done("b").baseOffset(), is(3L));
    }

    @Test
    void retryWithinTheSamePlanWaitsForTheWrite() {
        leader.propose("a", Headers.producer(P, 0, 0, 2), Ack.LEADER);
        leader.propose("a again", Headers.producer(P, 0, 0, 2), Ack.LEADER);
        leader.propose("b", Headers.producer(P, 0, 2, 1), Ack.LEADER);
        assertThat(leader.answers, not(hasKey("a again")));
        leader.written();
        assertThat(leader.order, contains("a", "a again", "b"));
        assertThat(leader.done("a again"), equalTo(new AppendAnswer.Done(0, 1, -1, true)));
        assertThat(leader.done("b").baseOffset(), is(2L));
    }

    @Test
    void retryOfWhatIsNotYetDurableWaitsAsTheOriginalDoes() {
        Leader forced = new Leader(Leader.forced());
        forced.append("a", Headers.producer(P, 0, 0, 1), Ack.ALL);
        forced.append("a again", Headers.producer(P, 0, 0, 1), Ack.ALL);
        assertThat(forced.answers.isEmpty(), is(true));
        forced.forcedTo(1);
        assertThat(forced.done("a").duplicate(), is(false));
        assertThat(forced.done("a again").duplicate(), is(true));
    }

    @Test
    void planThatIsDroppedForgetsItsSequences() {
        leader.propose("a", Headers.producer(P, 0, 0, 2), Ack.ALL);
        leader.step(new LeaderEvent.WriteFailed<>(Fault.DISK_FULL, "full", true));
        send("a again", 0, 0, 2);
        assertThat(leader.done("a again"), equalTo(new AppendAnswer.Done(0, 1, -1, false)));
    }
}
