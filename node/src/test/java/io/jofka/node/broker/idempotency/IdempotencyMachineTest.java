package io.jofka.node.broker.idempotency;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.node.broker.idempotency.Entry.PartitionResult;
import io.jofka.node.broker.idempotency.IdempotencyMachine.Decision;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdempotencyMachineTest {
    private static final byte[] BODY = new byte[32];
    private static final byte[] OTHER = {
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
    };
    private static final List<PartitionResult> RESULTS = List.of(new PartitionResult(2, 40, 41, -1));

    private final IdempotencyMachine machine = new IdempotencyMachine(2, 1_000);

    private static Entry startedAt(long timeMs) {
        return Entry.started(BODY, 7, 4, timeMs);
    }

    @Test
    void aNewKeyStartsAndIsRunningUntilItIsReleased() {
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Start()));
        assertThat(machine.decide("k", OTHER, 0), is(new Decision.Running()));
        machine.release("k");
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Start()));
    }

    @Test
    void aStartedKeyIsResumedOnlyWhenNobodyWorksOnIt() {
        machine.decide("k", BODY, 0);
        machine.replay("k", startedAt(0));
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Running()));
        assertThat(machine.decide("k", OTHER, 0), is(new Decision.Reused()));
        machine.release("k");
        assertThat(machine.decide("k", BODY, 0), instanceOf(Decision.Resume.class));
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Running()));
    }

    @Test
    void aDoneKeyIsReplayed() {
        Entry done = startedAt(0).finished(RESULTS);
        machine.replay("k", done);
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Replay(done)));
        assertThat(machine.decide("k", OTHER, 0), is(new Decision.Reused()));
    }

    @Test
    void theFirstStartInTheTopicIsEverybodys() {
        Entry first = startedAt(0);
        Entry second = Entry.started(BODY, 8, 4, 1);
        machine.decide("k", BODY, 0);
        machine.replay("k", first);
        machine.replay("k", second);
        assertThat(machine.confirm("k", BODY, 7), is(new Decision.Start()));
        assertThat(machine.confirm("k", BODY, 8), is(new Decision.Resume(first)));
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Running()));
        assertThat(machine.confirm("k", OTHER, 8), is(new Decision.Reused()));
        Entry done = first.finished(RESULTS);
        machine.replay("k", done);
        assertThat(machine.confirm("k", BODY, 8), is(new Decision.Replay(done)));
        machine.replay("k", first);
        machine.replay("k", second.finished(List.of()));
        assertThat(machine.decide("k", BODY, 0), is(new Decision.Replay(done)));
    }

    @Test
    void aStartAfterTheExpiryTakesThePlaceOfTheOldOne() {
        machine.replay("k", startedAt(0).finished(RESULTS));
        Entry later = Entry.started(BODY, 8, 4, 1_001);
        machine.replay("k", later);
        assertThat(machine.confirm("k", BODY, 8), is(new Decision.Start()));
    }

    @Test
    void expiredKeysMakeRoom() {
        machine.replay("a", startedAt(0));
        machine.replay("b", startedAt(500));
        assertThat(machine.decide("c", BODY, 1_000), is(new Decision.Full()));
        assertThat(machine.decide("c", BODY, 1_001), is(new Decision.Start()));
        assertThat(machine.size(), is(1));
    }

    @Test
    void anEntryIsReadBackFromItsBytesAndRubbishIsNot() {
        Entry entry = Entry.started(OTHER, Long.MAX_VALUE, 12, 99).finished(RESULTS);
        Entry read = Entry.decode(entry.encode()).orElseThrow();
        assertThat(read.isOf(OTHER), is(true));
        assertThat(read.producerId(), is(Long.MAX_VALUE));
        assertThat(read.partitions(), is(12));
        assertThat(read.timeMs(), is(99L));
        assertThat(read.done(), is(true));
        assertThat(read.results(), is(RESULTS));
        ByteBuffer bytes = entry.encode();
        for (int cut = 0; cut < bytes.limit(); cut++) {
            assertThat(Entry.decode(bytes.slice(0, cut)), is(Optional.empty()));
        }
        bytes.put(0, (byte) 9);
        assertThat(Entry.decode(bytes), is(Optional.empty()));
    }
}
