package io.jofka.node.consensus;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.SystemClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.server.util.KafkaScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuardedRaftLogTest {
    @TempDir
    Path directory;

    private final KafkaScheduler scheduler = new KafkaScheduler(1, true, "test-");
    private GuardedRaftLog log;

    @BeforeEach
    void open() throws Exception {
        scheduler.startup();
        Path folder = Files.createDirectory(directory.resolve("__cluster_metadata-0"));
        log = Engine.openLog(RaftConfig.defaults(folder, 1), folder, new EngineTime(new SystemClock()), scheduler);
        log.initializeLeaderEpoch(1);
        for (int i = 0; i < 3; i++) {
            byte[] value = ("r" + i).getBytes(StandardCharsets.UTF_8);
            log.appendAsLeader(
                    MemoryRecords.withRecords(log.endOffset().offset(), Compression.NONE, 1, new SimpleRecord(value)),
                    1);
        }
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        scheduler.shutdown();
    }

    private boolean endsTheEngine(long truncateTo) {
        try {
            log.truncateTo(truncateTo);
            return false;
        } catch (GuardedRaftLog.Shortened e) {
            return true;
        }
    }

    @Test
    void truncationThatShortensTheLogEndsTheEngineAfterTheCut() {
        assertThat(endsTheEngine(1), is(true));
        assertThat(log.endOffset().offset(), is(1L));
    }

    @Test
    void truncationAtTheEndIsPassedOnQuietly() {
        assertThat(endsTheEngine(3), is(false));
        assertThat(log.endOffset().offset(), is(3L));
    }
}
