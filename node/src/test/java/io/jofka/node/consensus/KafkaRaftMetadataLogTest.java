package io.jofka.node.consensus;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaRaftMetadataLogTest {
    @TempDir
    Path directory;

    private KafkaRaftMetadataLog open(int nodeId) {
        return new KafkaRaftMetadataLog(
                RaftConfig.defaults(directory.resolve("metadata"), nodeId),
                new io.jofka.node.common.NoNet(),
                new SystemClock(),
                new SecureSeed());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private UUID write(int count) throws Exception {
        try (MetadataLog log = open(1)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            for (int i = 0; i < count; i++) {
                log.append(term, List.of(bytes("r" + i))).get(20, TimeUnit.SECONDS);
            }
            return log.directoryId();
        }
    }

    private static List<String> expected(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
    }

    private Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("metadata/__cluster_metadata-0"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()
                    .getLast();
        }
    }

    private String refusal(int nodeId) {
        try (MetadataLog log = open(nodeId)) {
            log.start(new Recorder());
            return "started";
        } catch (RefusedFolder e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void recordsAndIdentitySurviveARestart() throws Exception {
        UUID before = write(20);
        try (MetadataLog log = open(1)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            recorder.awaitLeader(1);
            recorder.awaitRecords(expected(20));
            assertThat(log.directoryId(), is(before));
        }
    }

    @Test
    void snapshotReplacesTheRecordsItCovers() throws Exception {
        try (MetadataLog log = open(1)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            int term = recorder.awaitLeader(1);
            log.append(term, List.of(bytes("r0"))).get(20, TimeUnit.SECONDS);
            long covered = log.append(term, List.of(bytes("r1"))).get(20, TimeUnit.SECONDS);
            assertThat(
                    log.snapshot(
                            covered, term, List.of(bytes("state of r0, r1")).iterator()),
                    is(true));
            assertThat(log.snapshot(covered, term, List.<byte[]>of().iterator()), is(false));
            log.append(term, List.of(bytes("r2"))).get(20, TimeUnit.SECONDS);
            assertThat(log.status().checkpoint().orElseThrow().index(), is(covered));
        }
        try (MetadataLog log = open(1)) {
            Recorder recorder = new Recorder();
            log.start(recorder);
            recorder.awaitRecords(List.of("state of r0, r1", "r2"));
        }
    }

    @Test
    void tornTailIsCutAndEarlierRecordsStay() throws Exception {
        write(10);
        Path log = newestLog();
        byte[] whole = Files.readAllBytes(log);
        byte[] torn = java.util.Arrays.copyOf(whole, whole.length + 37);
        torn[whole.length + 16] = 2;
        Files.write(log, torn);
        try (MetadataLog reopened = open(1)) {
            Recorder recorder = new Recorder();
            reopened.start(recorder);
            recorder.awaitLeader(1);
            recorder.awaitRecords(expected(10));
        }
    }

    @Test
    void damageWithRecordsBehindItIsRefusedAndNothingIsChanged() throws Exception {
        write(10);
        Path log = newestLog();
        byte[] whole = Files.readAllBytes(log);
        whole[whole.length / 2] ^= 1;
        Files.write(log, whole);
        assertThat(refusal(1), containsString("at byte"));
        assertThat(Files.readAllBytes(log), is(whole));
    }

    @Test
    void folderOfAnotherNodeIsRefused() throws Exception {
        write(1);
        assertThat(refusal(2), containsString("belongs to node 1, and this is node 2"));
    }

    @Test
    void folderWithFilesButNoIdentityIsRefused() throws Exception {
        write(1);
        Files.delete(directory.resolve("metadata/identity"));
        assertThat(refusal(1), containsString("no identity"));
    }

    @Test
    void damagedIdentityIsRefused() throws Exception {
        write(1);
        Path identity = directory.resolve("metadata/identity");
        Files.writeString(identity, Files.readString(identity).replace("nodeId=1", "nodeId=2"));
        assertThat(refusal(2), containsString("damaged"));
    }

    @Test
    void damageInTheLastAcknowledgedRecordIsRefused() throws Exception {
        write(10);
        Path log = newestLog();
        byte[] whole = Files.readAllBytes(log);
        whole[whole.length - 1] ^= 1;
        Files.write(log, whole);
        assertThat(refusal(1), containsString("had been acknowledged"));
    }

    @Test
    void damagedVoteFileIsRefused() throws Exception {
        write(1);
        Path vote = directory.resolve("metadata/vote");
        Files.writeString(vote, Files.readString(vote).replace("term=", "term=1"));
        assertThat(refusal(1), containsString("is damaged"));
    }

    @Test
    void folderInUseIsRefused() throws Exception {
        write(1);
        try (MetadataLog first = open(1)) {
            assertThat(refusal(1), containsString("in use by another process"));
            assertThat(first.clusterId().length(), is(22));
        }
    }

    @Test
    void missingVoteFileIsRefused() throws Exception {
        write(1);
        Files.delete(directory.resolve("metadata/vote"));
        assertThat(refusal(1), containsString("could vote twice"));
    }
}
