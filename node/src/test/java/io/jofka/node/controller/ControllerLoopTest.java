package io.jofka.node.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.SystemClock;
import io.jofka.node.consensus.MetadataLog.Committed;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataLimits;
import io.jofka.node.metadata.MetadataMachine;
import io.jofka.node.metadata.UnreadableMetadata;
import io.jofka.node.metadata.Verdict;
import io.jofka.node.storage.NioDisk;
import io.jofka.node.storage.snapshot.H2Images;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop against a log that does what the test says: elections, late commits, failures. */
class ControllerLoopTest {
    private static final int SELF = 1;

    @TempDir
    Path directory;

    private final ScriptedLog log = new ScriptedLog();
    private final LocalImages images = new LocalImages();
    private final LinkedBlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final SystemClock clock = new SystemClock();
    private final MetadataEvents events = new MetadataEvents((type, sentence, details) -> {});
    private SnapshotStore snapshots;
    private ControllerLoop loop;

    @BeforeEach
    void start() {
        snapshots = new SnapshotStore(log, new H2Images(directory, new NioDisk()), events, clock, 1 << 20, 3_600_000);
        loop = new ControllerLoop(
                SELF,
                3,
                log,
                new MetadataMachine(MetadataLimits.defaults(), new EffectiveConfigs(SELF, Map.of())),
                images,
                snapshots,
                events,
                clock,
                (what, cause) -> faults.add(cause));
        loop.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
        snapshots.close();
    }

    private void lead(int term) throws InterruptedException {
        log.listener().leader(SELF, term);
        if (log.history.isEmpty()) {
            log.awaitAppend();
            log.commit(term);
        }
    }

    private CompletableFuture<Reply<Verdict<Long>>> take(int timeoutMs) {
        return loop.call(new TakeProducerIds(SELF, 10), false, timeoutMs);
    }

    private static Fault fault(CompletableFuture<Reply<Verdict<Long>>> call) throws Exception {
        Reply<Verdict<Long>> reply = call.get(10, TimeUnit.SECONDS);
        assertThat(reply, instanceOf(Reply.Failed.class));
        return ((Reply.Failed<Verdict<Long>>) reply).fault();
    }

    private static long first(CompletableFuture<Reply<Verdict<Long>>> call) throws Exception {
        Reply<Verdict<Long>> reply = call.get(10, TimeUnit.SECONDS);
        assertThat(reply, instanceOf(Reply.Done.class));
        return ((Verdict.Accepted<Long>) ((Reply.Done<Verdict<Long>>) reply).answer()).value();
    }

    @Test
    void theFirstLeaderNamesTheClusterBeforeItIsReady() throws Exception {
        log.listener().leader(SELF, 1);
        log.awaitAppend();
        assertThat(loop.firstLeader().isDone(), is(false));
        log.commit(1);
        assertThat(loop.firstLeader().get(10, TimeUnit.SECONDS), is(SELF));
        assertThat(images.current().clusterId(), is("scripted"));
    }

    @Test
    void nothingIsAnsweredBeforeTheCommit() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.awaitAppend();
        assertThat(call.isDone(), is(false));
        log.commit(1);
        assertThat(first(call), is(0L));
    }

    @Test
    void callsWithoutALeaderEndWithTheirDeadline() throws Exception {
        assertThat(fault(take(30)), is(Fault.NOT_CONTROLLER));
    }

    @Test
    void aCallWaitsForALeaderWithinItsDeadline() throws Exception {
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.listener().leader(SELF, 1);
        log.awaitAppend();
        log.commit(1);
        assertThat(first(call), is(0L));
    }

    @Test
    void anotherLeaderMeansNotController() throws Exception {
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.listener().leader(2, 1);
        assertThat(fault(call), is(Fault.NOT_CONTROLLER));
    }

    @Test
    void whatWasAppendedBeforeLeadershipWasLostIsUnknown() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.awaitAppend();
        log.listener().leader(2, 2);
        log.refuse(new io.jofka.node.consensus.MetadataLog.OutcomeUnknown("lost"));
        assertThat(fault(call), is(Fault.OUTCOME_UNKNOWN));
    }

    @Test
    void whatWasNeverAppendedIsCertainlyNotDone() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.awaitAppend();
        log.refuse(new io.jofka.node.consensus.MetadataLog.NotLeader("no"));
        assertThat(fault(call), is(Fault.NOT_CONTROLLER));
    }

    @Test
    void aLateCommitIsUnknownAtTheDeadlineAndStillApplied() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> call = take(30);
        log.awaitAppend();
        assertThat(fault(call), is(Fault.OUTCOME_UNKNOWN));
        log.commit(1);
        CompletableFuture<Reply<Verdict<Long>>> next = take(10_000);
        log.awaitAppend();
        log.commit(1);
        assertThat(first(next), is(10L));
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnce() throws Exception {
        List<CompletableFuture<Reply<Verdict<Long>>>> waiting = List.of(take(500), take(500), take(500));
        assertThat(fault(take(10_000)), is(Fault.OVERLOADED));
        for (CompletableFuture<Reply<Verdict<Long>>> call : waiting) {
            assertThat(fault(call), is(Fault.NOT_CONTROLLER));
        }
        assertThat(loop.waitingCalls(), is(0));
    }

    @Test
    void waitingCallsShareOneAppendAndSeeEachOther() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> one = take(10_000);
        log.awaitAppend();
        CompletableFuture<Reply<Verdict<Long>>> two = take(10_000);
        CompletableFuture<Reply<Verdict<Long>>> three = take(10_000);
        log.commit(1);
        assertThat(first(one), is(0L));
        log.awaitAppend();
        log.commit(1);
        assertThat(first(two), is(10L));
        assertThat(first(three), is(20L));
    }

    @Test
    void theImageNeverGoesBackWhenTheEngineTellsItsHistoryAgain() throws Exception {
        lead(1);
        CompletableFuture<Reply<Verdict<Long>>> call = take(10_000);
        log.awaitAppend();
        log.commit(1);
        first(call);
        AtomicInteger steps = new AtomicInteger();
        images.onChange((before, after) -> {
            assertThat(after.index() >= before.index(), is(true));
            steps.incrementAndGet();
        });
        long index = images.current().index();
        log.listener().loaded(-1, 0, Collections.emptyIterator());
        log.listener().committed(1, List.copyOf(log.history));
        log.listener().leader(SELF, 2);
        CompletableFuture<Reply<Verdict<Long>>> next = take(10_000);
        log.awaitAppend();
        assertThat(images.current().index(), is(index));
        assertThat(steps.get(), is(1));
        log.commit(2);
        assertThat(first(next), is(10L));
        assertThat(steps.get(), is(2));
    }

    @Test
    void aRecordThatCannotBeReadEndsTheNode() throws Exception {
        lead(1);
        log.listener().committed(1, List.of(new Committed(99, new byte[] {1, 2, 3})));
        assertThat(faults.poll(10, TimeUnit.SECONDS), instanceOf(UnreadableMetadata.class));
        assertThat(fault(take(10_000)), is(Fault.SHUTTING_DOWN));
    }

    @Test
    void theEngineFailureIsPassedOn() throws Exception {
        log.listener().failed(new IllegalStateException("disk"));
        assertThat(faults.poll(10, TimeUnit.SECONDS), instanceOf(IllegalStateException.class));
        assertThat(loop.firstLeader().isCompletedExceptionally(), is(true));
        assertThat(faults, hasSize(0));
    }
}
