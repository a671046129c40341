package io.jofka.node.partition;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.ControlRecord.Outcome;
import io.jofka.node.partition.LeaderEvent.Ack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProducerStateTest {
    private static final Optional<ControlRecord> NO_MARKER = Optional.empty();

    private static ProducerState sample() {
        ProducerState state = new ProducerState(100);
        long offset = 0;
        for (int i = 0; i < 7; i++) {
            state.replay(Headers.at(Headers.producer(1, 2, i * 3, 3), offset), NO_MARKER, 10);
            offset += 3;
        }
        state.replay(Headers.at(Headers.transactional(2, 0, 0, 1), offset), NO_MARKER, 11);
        return state;
    }

    @Test
    void replayOfTheLogGivesWhatTheLeaderHas() {
        Leader leader = new Leader(Leader.replicated());
        List<BatchHeader> log = new ArrayList<>();
        Random random = new Random(5);
        int[] next = new int[4];
        for (int i = 0; i < 200; i++) {
            int producer = random.nextInt(4);
            int records = 1 + random.nextInt(3);
            leader.propose("t" + i, Headers.producer(producer, 0, next[producer], records), Ack.LEADER);
            next[producer] += records;
            log.addAll(((LeaderEffect.Store<String>) leader.last.getFirst()).batches());
            leader.written();
        }
        ProducerState replayed = new ProducerState(1_000);
        log.forEach(header -> replayed.replay(header, NO_MARKER, leader.nowMs));
        assertThat(
                Set.copyOf(replayed.entries()),
                equalTo(Set.copyOf(leader.machine.producers().entries())));
    }

    @Test
    void snapshotKeepsEverything() {
        ProducerState state = sample();
        Optional<ProducerState> read = ProducerSnapshot.decode(ProducerSnapshot.encode(state, 22), 22, 100);
        assertThat(new HashSet<>(read.orElseThrow().entries()), equalTo(new HashSet<>(state.entries())));
        assertThat(read.orElseThrow().firstOpenTransaction(), is(21L));
    }

    @Test
    void emptySnapshotIsGood() {
        byte[] bytes = ProducerSnapshot.encode(new ProducerState(10), 5);
        assertThat(ProducerSnapshot.decode(bytes, 5, 10).orElseThrow().size(), is(0));
    }

    @Test
    void snapshotOfAnotherOffsetIsRefused() {
        byte[] bytes = ProducerSnapshot.encode(sample(), 22);
        assertThat(ProducerSnapshot.decode(bytes, 23, 100).isPresent(), is(false));
    }

    @Test
    void everyChangedByteAndEveryCutIsNoticed() {
        byte[] good = ProducerSnapshot.encode(sample(), 22);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x21;
            assertThat("byte " + i, ProducerSnapshot.decode(bad, 22, 100).isPresent(), is(false));
            assertThat(
                    "cut " + i,
                    ProducerSnapshot.decode(java.util.Arrays.copyOf(good, i), 22, 100)
                            .isPresent(),
                    is(false));
        }
    }

    @Test
    void hostileBytesWithAGoodChecksumDoNoHarm() {
        Random random = new Random(1);
        byte[] good = ProducerSnapshot.encode(sample(), 22);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bad[10 + random.nextInt(bad.length - 14)] = (byte) random.nextInt();
            }
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(bad, 0, bad.length - 4);
            java.nio.ByteBuffer.wrap(bad).putInt(bad.length - 4, (int) crc.getValue());
            assertThat(ProducerSnapshot.decode(bad, 22, 100), notNullValue());
        }
    }

    @Test
    void producersNotSeenAreForgottenUnlessATransactionIsOpen() {
        ProducerState state = sample();
        assertThat(state.expire(1_000, 980), is(1));
        assertThat(state.entry(1), nullValue());
        assertThat(state.entry(2), notNullValue());
    }

    @Test
    void limitForgetsThoseNotSeenForLongest() {
        ProducerState state = new ProducerState(32);
        for (int i = 0; i < 40; i++) {
            state.replay(Headers.at(Headers.producer(i, 0, 0, 1), i), NO_MARKER, i);
        }
        assertThat(state.size() <= 32, is(true));
        assertThat(state.entry(0), nullValue());
        assertThat(state.entry(39), notNullValue());
    }

    @Test
    void markerTellsWhichTransactionItEnds() {
        ProducerState state = sample();
        Optional<EndedTransaction> ended = state.replay(
                Headers.at(Headers.marker(2, 0), 22), Optional.of(new ControlRecord(Outcome.ABORT, 0)), 12);
        assertThat(ended, equalTo(Optional.of(new EndedTransaction(2, 21, 22, true))));
        assertThat(state.firstOpenTransaction(), is(Long.MAX_VALUE));
        assertThat(state.entries().stream().map(ProducerEntry::producerId).toList(), containsInAnyOrder(1L, 2L));
    }
}
