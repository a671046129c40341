package io.jofka.node.consensus;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import io.jofka.node.sim.LocalNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several metadata logs with the real engine and real files, over a network in memory. */
final class KafkaRaftClusterTest {
    private static final List<Integer> VOTERS = List.of(0, 1, 2);
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private final LocalNet net = new LocalNet();
    private final Map<Integer, MetadataLog> logs = new HashMap<>();
    private final Map<Integer, Recorder> recorders = new HashMap<>();
    private final List<String> acknowledged = new ArrayList<>();

    @AfterEach
    void close() {
        // a leader that closes waits for a successor, so all close together
        List.copyOf(logs.values()).parallelStream().forEach(MetadataLog::close);
    }

    private void start(int node) {
        start(node, 600);
    }

    private void start(int node, int fetchMs) {
        RaftConfig config =
                new RaftConfig(directory.resolve("n" + node), node, "test-cluster", VOTERS, 300, fetchMs, 8 << 20);
        MetadataLog log = new KafkaRaftMetadataLog(config, net.of(node), new SystemClock(), new SecureSeed());
        Recorder recorder = new Recorder();
        logs.put(node, log);
        recorders.put(node, recorder);
        log.start(recorder);
    }

    private MetadataLog log(int node) {
        return java.util.Objects.requireNonNull(logs.get(node));
    }

    private Recorder recorder(int node) {
        return java.util.Objects.requireNonNull(recorders.get(node));
    }

    private void stop(int node) {
        net.down(node);
        MetadataLog log = logs.remove(node);
        if (log != null) {
            log.close();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat("in time: " + what, System.nanoTime() - began < DEADLINE_NANOS, is(true));
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    /** Appends at whoever leads, until one append is acknowledged. */
    private int put(String text) throws Exception {
        long began = System.nanoTime();
        while (System.nanoTime() - began < DEADLINE_NANOS) {
            for (Map.Entry<Integer, MetadataLog> entry : Map.copyOf(logs).entrySet()) {
                QuorumView view = entry.getValue().status();
                if (view.leader() == entry.getKey()) {
                    try {
                        entry.getValue()
                                .append(view.term(), List.of(text.getBytes(StandardCharsets.UTF_8)))
                                .get(5, TimeUnit.SECONDS);
                        acknowledged.add(text);
                        return entry.getKey();
                    } catch (ExecutionException | TimeoutException e) {
                        // not, or not known to be, committed: tried again, which may write it twice
                    }
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("no leader took " + text);
    }

    private void awaitEverywhere() throws InterruptedException {
        for (int node : logs.keySet()) {
            Recorder recorder = recorder(node);
            await(
                    "node " + node + " has all of " + acknowledged,
                    () -> recorder.records().containsAll(acknowledged));
        }
    }

    private void wipe(int node) throws IOException {
        try (var files = Files.walk(directory.resolve("n" + node))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String membership(int node) throws IOException {
        return Files.readString(directory.resolve("n" + node).resolve("identity"));
    }

    @Test
    void threeVotersCommitAndGoOnWithoutTheirLeader() throws Exception {
        VOTERS.forEach(this::start);
        for (int i = 0; i < 10; i++) {
            put("r" + i);
        }
        awaitEverywhere();
        int leader = put("last of the first leader");
        stop(leader);
        assertThat(put("first of the second leader"), is(not(leader)));
        start(leader);
        awaitEverywhere();
    }

    /** The fetch timeout is longer than this test waits. */
    @Test
    void deadLeaderIsSucceededBeforeTheFetchTimeout() throws Exception {
        int fetchMs = (int) TimeUnit.NANOSECONDS.toMillis(2 * DEADLINE_NANOS);
        VOTERS.forEach(node -> start(node, fetchMs));
        int leader = put("of the first leader");
        awaitEverywhere();
        net.down(leader);
        await(
                "another leads",
                () -> VOTERS.stream()
                        .filter(node -> node != leader)
                        .anyMatch(node -> log(node).status().leader() == node));
        stop(leader);
        assertThat(put("of the second leader"), is(not(leader)));
    }

    @Test
    void allStoppedAndStartedHaveAll() throws Exception {
        VOTERS.forEach(this::start);
        put("before");
        List.copyOf(logs.values()).parallelStream().forEach(MetadataLog::close);
        VOTERS.forEach(this::start);
        put("after");
        awaitEverywhere();
    }

    @Test
    void firstStartNeedsAllVoters() throws Exception {
        start(0);
        start(1);
        // both have asked each other by then, and wait for the third
        await(
                "nobody leads",
                () -> log(0).status().leader() == -1 && log(1).status().leader() == -1);
        assertThat(membership(0), containsString("membership=NEW"));
        start(2);
        put("r");
        awaitEverywhere();
    }

    @Test
    void wipedVoterFollowsUntilItHasAllAndThenVotes() throws Exception {
        VOTERS.forEach(this::start);
        put("before the loss");
        awaitEverywhere();
        stop(2);
        wipe(2);
        stop(1);
        start(2);
        await("the wiped voter listens", () -> log(2).status().leader() == -1);
        assertThat("one voter has not spoken yet", membership(2), containsString("membership=NEW"));
        start(1);
        put("after the loss");
        awaitEverywhere();
        await("it is a voter again", () -> {
            try {
                return membership(2).contains("membership=SETTLED");
            } catch (IOException e) {
                return false;
            }
        });
        stop(0);
        put("with the vote of the wiped one");
        awaitEverywhere();
    }

    @Test
    void isolatedLeaderLosesItsOfficeAndItsUncommittedTail() throws Exception {
        VOTERS.forEach(this::start);
        int leader = put("committed");
        awaitEverywhere();
        net.isolate(leader);
        QuorumView view = log(leader).status();
        var lost = log(leader).append(view.term(), List.of("never committed".getBytes(StandardCharsets.UTF_8)));
        await(
                "the others have elected one of them",
                () -> VOTERS.stream()
                        .filter(node -> node != leader)
                        .anyMatch(node -> log(node).status().leader() == node));
        await("the isolated leader has given up", () -> log(leader).status().leader() != leader);
        put("of the majority");
        net.heal();
        awaitEverywhere();
        await("the outcome is told", lost::isDone);
        assertThat(lost.isCompletedExceptionally(), is(true));
    }

    @Test
    void folderOfAnotherClusterIsRefused() throws Exception {
        VOTERS.forEach(this::start);
        put("r");
        stop(0);
        RaftConfig other = new RaftConfig(directory.resolve("n0"), 0, "another", VOTERS, 300, 600, 8 << 20);
        String refusal = "";
        try {
            new KafkaRaftMetadataLog(other, net.of(0), new SystemClock(), new SecureSeed()).close();
        } catch (RefusedFolder e) {
            refusal = String.valueOf(e.getMessage());
        }
        assertThat(refusal, containsString("belongs to the cluster test-cluster"));
    }

    @Test
    void hostileMessagesAreRefused() throws Exception {
        VOTERS.forEach(this::start);
        put("before");
        var stranger = net.of(9);
        byte[][] bad = {
            {}, {0}, {0, 52, 0, 1}, {0, 52, 127, 127, 1, 2, 3}, {-1, -1, 0, 0}, new byte[100], {0, 1, 0, 17, 5, 5, 5, 5}
        };
        for (byte[] bytes : bad) {
            var answer = stranger.call(0, io.jofka.node.common.Net.Call.RAFT, bytes, 5_000);
            await("an answer", answer::isDone);
            assertThat(answer.isCompletedExceptionally(), is(true));
        }
        put("after");
        awaitEverywhere();
    }

    @Test
    void leadershipIsHandedToTheVoterThatIsNamed() throws Exception {
        VOTERS.forEach(this::start);
        put("first");
        awaitEverywhere();
        for (int wanted : List.of(2, 0, 1, 2)) {
            await("node " + wanted + " leads", () -> {
                for (int node : VOTERS) {
                    QuorumView view = log(node).status();
                    if (view.leader() == node && node != wanted && isCaughtUp(view, wanted)) {
                        log(node).transfer(view.term(), wanted);
                    }
                }
                return log(wanted).status().leader() == wanted;
            });
            put("after the transfer to " + wanted);
            awaitEverywhere();
        }
    }

    private static boolean isCaughtUp(QuorumView view, int node) {
        return view.voters().stream().anyMatch(v -> v.nodeId() == node && v.logEndOffset() == view.logEndOffset());
    }

    @Test
    void theSuccessorStandsFirstAndNobodyElseLeads() throws Exception {
        VOTERS.forEach(this::start);
        int first = put("first");
        awaitEverywhere();
        // the engine puts the voter with more of the log, or with the lower id, first: ask for the other one
        int wanted = VOTERS.stream()
                .filter(node -> node != first)
                .mapToInt(n -> n)
                .max()
                .orElseThrow();
        await("the successor has all", () -> isCaughtUp(log(first).status(), wanted));
        int term = log(first).status().term();
        log(first).transfer(term, wanted);
        await(
                "the next leader",
                () -> log(wanted).status().term() > term && log(wanted).status().leader() >= 0);
        assertThat(log(wanted).status().leader(), is(wanted));
        assertThat(log(wanted).status().term(), is(term + 1));
    }
}
