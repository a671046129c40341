package io.jofka.node.consensus;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every engine behind {@link MetadataLog} must do. */
final class MetadataLogContractTest {
    @TempDir
    Path directory;

    enum Kind {
        IN_MEMORY,
        KAFKA_RAFT
    }

    private MetadataLog open(Kind kind) {
        return switch (kind) {
            case IN_MEMORY -> new InMemoryMetadataLog(1);
            case KAFKA_RAFT ->
                new KafkaRaftMetadataLog(
                        RaftConfig.defaults(directory, 1),
                        new io.jofka.node.common.NoNet(),
                        new SystemClock(),
                        new SecureSeed());
        };
    }

    private static List<byte[]> bytes(String... records) {
        List<byte[]> all = new ArrayList<>();
        for (String record : records) {
            all.add(record.getBytes(StandardCharsets.UTF_8));
        }
        return all;
    }

    private static Throwable failure(CompletableFuture<Long> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
            throw new AssertionError("succeeded");
        } catch (ExecutionException e) {
            return java.util.Objects.requireNonNull(e.getCause());
        }
    }

    @ParameterizedTest
    @EnumSource
    void appendedRecordsAreCommittedInOrderAndTheIndexIsThatOfTheLast(Kind kind) throws Exception {
        try (MetadataLog log = open(kind)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            long first = log.append(term, bytes("a", "b")).get(20, TimeUnit.SECONDS);
            long second = log.append(term, bytes("c")).get(20, TimeUnit.SECONDS);
            recorder.awaitRecords(List.of("a", "b", "c"));
            assertThat(second, greaterThan(first));
            QuorumView view = log.status();
            assertThat(view.leader(), is(1));
            assertThat(view.committedOffset(), is(second + 1));
            assertThat(view.voters().size(), is(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void appendOfAnotherTermIsRefused(Kind kind) throws Exception {
        try (MetadataLog log = open(kind)) {
            assertThat(failure(log.append(1, bytes("x"))), instanceOf(MetadataLog.NotLeader.class));
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            assertThat(failure(log.append(term - 1, bytes("x"))), instanceOf(MetadataLog.AppendFailure.class));
            assertThat(failure(log.append(term + 1, bytes("x"))), instanceOf(MetadataLog.NotLeader.class));
            log.append(term, bytes("y")).get(20, TimeUnit.SECONDS);
            recorder.awaitRecords(List.of("y"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void batchBeyondTheLimitIsRefusedAndTheLogGoesOn(Kind kind) throws Exception {
        try (MetadataLog log = open(kind)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            assertThat(failure(log.append(term, List.of(new byte[9 << 20]))), instanceOf(MetadataLog.TooLarge.class));
            log.append(term, bytes("after")).get(20, TimeUnit.SECONDS);
            recorder.awaitRecords(List.of("after"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void resigningRaisesTheTermAndLosesNothing(Kind kind) throws Exception {
        try (MetadataLog log = open(kind)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            log.append(term, bytes("before")).get(20, TimeUnit.SECONDS);
            log.resign(term);
            int next = recorder.awaitLeader(1, term);
            log.append(next, bytes("after")).get(20, TimeUnit.SECONDS);
            recorder.awaitRecords(List.of("before", "after"));
        }
    }
}
