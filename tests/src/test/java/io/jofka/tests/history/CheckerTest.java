package io.jofka.tests.history;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One planted anomaly each: a checker that never failed is not to be trusted. */
class CheckerTest {
    private static final Place PLACE = new Place("t", 0);

    private final History history = new History();
    private final List<Event.Seen> log = new ArrayList<>();

    @Test
    void acceptsAFaultlessHistory() {
        history.idempotent("a");
        acked(1, 0);
        acked(2, 1);
        stored(0, 1);
        stored(1, 2);
        polled(1, 0, 1, 1, 2);
        assertThat(check().anomalies(), empty());
    }

    @Test
    void findsALostWrite() {
        acked(1, 0);
        acked(2, 1);
        stored(0, 1);
        assertThat(check().anomalies(), contains(Anomaly.LOST_WRITE));
    }

    @Test
    void findsALostWriteThatWasAcknowledgedWithoutAnOffset() {
        history.add(new Event.Sent(new RecordId("a", 1)));
        history.add(new Event.Stored(new RecordId("a", 1)));
        assertThat(check().anomalies(), contains(Anomaly.LOST_WRITE));
    }

    @Test
    void findsAnotherValueAtAnAcknowledgedOffset() {
        acked(1, 0);
        acked(2, 1);
        stored(0, 2);
        stored(1, 1);
        assertThat(check().anomalies(), containsInAnyOrder(Anomaly.INCONSISTENT_OFFSET, Anomaly.SEND_ORDER));
    }

    @Test
    void findsTwoValuesReadAtOneOffset() {
        acked(1, 0);
        sent(2);
        stored(0, 1);
        polled(1, 0, 1);
        polled(2, 0, 2);
        Verdict verdict = check();
        assertThat(verdict.anomalies(), contains(Anomaly.INCONSISTENT_OFFSET));
    }

    @Test
    void findsAnOffsetAcknowledgedTwice() {
        acked(1, 0);
        acked(2, 0);
        stored(0, 1);
        stored(1, 2);
        assertThat(check().count(Anomaly.OFFSET_REUSE) > 0, is(true));
    }

    @Test
    void findsAnAcknowledgementBelowAnEarlierOne() {
        acked(1, 5);
        acked(2, 3);
        assertThat(check().count(Anomaly.OFFSET_REUSE), is(1L));
    }

    @Test
    void findsADuplicateOfAnIdempotentProducer() {
        history.idempotent("a");
        acked(1, 0);
        stored(0, 1);
        stored(1, 1);
        assertThat(check().anomalies(), contains(Anomaly.DUPLICATE));
    }

    @Test
    void findsADuplicateInAnotherPartition() {
        history.idempotent("a");
        acked(1, 0);
        stored(0, 1);
        History.FinalLog all = new History.FinalLog();
        all.add(PLACE, log);
        all.add(new Place("t", 1), List.of(new Event.Seen(0, new RecordId("a", 1))));
        assertThat(Checker.check(history, all, true).anomalies(), contains(Anomaly.DUPLICATE));
    }

    @Test
    void allowsADuplicateOfAPlainProducer() {
        sent(2);
        acked(1, 0);
        stored(0, 1);
        stored(1, 2);
        stored(2, 1);
        assertThat(check().anomalies(), empty());
    }

    @Test
    void findsARefusedRecordInTheLog() {
        sent(1);
        history.add(new Event.Refused(new RecordId("a", 1)));
        stored(0, 1);
        assertThat(check().anomalies(), contains(Anomaly.REFUSED_VISIBLE));
    }

    @Test
    void allowsAnUnknownRecordToBeThereOrNot() {
        sent(1);
        sent(2);
        history.add(new Event.Unknown(new RecordId("a", 1)));
        history.add(new Event.Unknown(new RecordId("a", 2)));
        stored(0, 2);
        assertThat(check().anomalies(), empty());
    }

    @Test
    void findsARecordThatWasReadAndVanished() {
        sent(1);
        sent(2);
        stored(0, 1);
        polled(1, 0, 1, 1, 2);
        assertThat(check().anomalies(), contains(Anomaly.VANISHED_READ));
    }

    @Test
    void findsASkipWithinAnAssignment() {
        sent(1);
        sent(2);
        sent(3);
        stored(0, 1);
        stored(1, 2);
        stored(2, 3);
        polled(1, 0, 1, 2, 3);
        assertThat(check().anomalies(), contains(Anomaly.POLL_SKIP));
    }

    @Test
    void findsASkipBetweenTwoPollsOfOneAssignment() {
        sent(1);
        sent(2);
        sent(3);
        stored(0, 1);
        stored(1, 2);
        stored(2, 3);
        polled(1, 0, 1);
        polled(1, 2, 3);
        assertThat(check().anomalies(), contains(Anomaly.POLL_SKIP));
    }

    @Test
    void allowsASkipBetweenTwoAssignments() {
        sent(1);
        sent(2);
        sent(3);
        stored(0, 1);
        stored(1, 2);
        stored(2, 3);
        polled(1, 2, 3);
        polled(2, 0, 1);
        assertThat(check().anomalies(), empty());
    }

    @Test
    void findsFallingOffsetsWithinAnAssignment() {
        sent(1);
        sent(2);
        stored(0, 1);
        stored(1, 2);
        polled(1, 1, 2, 0, 1);
        assertThat(check().anomalies(), contains(Anomaly.POLL_ORDER));
    }

    @Test
    void findsRecordsStoredInAnotherOrderThanSent() {
        sent(1);
        sent(2);
        stored(0, 2);
        stored(1, 1);
        assertThat(check().anomalies(), contains(Anomaly.SEND_ORDER));
    }

    @Test
    void findsAHoleInTheFinalLog() {
        sent(1);
        sent(2);
        stored(0, 1);
        stored(2, 2);
        assertThat(check().anomalies(), contains(Anomaly.POLL_SKIP));
    }

    @Test
    void findsARecordNobodySent() {
        stored(0, 1);
        assertThat(check().anomalies(), contains(Anomaly.UNKNOWN_RECORD));
    }

    private Verdict check() {
        History.FinalLog all = new History.FinalLog();
        all.add(PLACE, log);
        return Checker.check(history, all, true);
    }

    private void sent(long sequence) {
        history.add(new Event.Sent(new RecordId("a", sequence)));
    }

    private void acked(long sequence, long offset) {
        sent(sequence);
        history.add(new Event.Acked(new RecordId("a", sequence), PLACE, offset));
    }

    private void stored(long offset, long sequence) {
        log.add(new Event.Seen(offset, new RecordId("a", sequence)));
    }

    private void polled(int assignment, long... offsetsAndSequences) {
        List<Event.Seen> seen = new ArrayList<>();
        for (int i = 0; i < offsetsAndSequences.length; i += 2) {
            seen.add(new Event.Seen(offsetsAndSequences[i], new RecordId("a", offsetsAndSequences[i + 1])));
        }
        history.add(new Event.Polled("r", assignment, PLACE, seen));
    }
}
