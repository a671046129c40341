package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 500 replicated records, then a burst of 10,000 to three replicas, leader killed 1.5 s later. */
@Tag("cluster")
class Experiment03BurstThenKillIT {
    private static final long LATER_NANOS = 1_500_000_000L;

    @Test
    void allOfThemAreThereOnce() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start("experiment03", 3);
                var producer = Records.producer(cluster.bootstrap(), "all")) {
            cluster.createTopic("burst", 1, 3, Map.of("min.insync.replicas", "2"));
            Records.await(Records.send(producer, "burst", 0, 500, "a"));
            List<Future<RecordMetadata>> burst = Records.send(producer, "burst", 500, 10_500, "b");
            long until = System.nanoTime() + LATER_NANOS;
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            int leader = cluster.leader(1, "burst", 0);
            cluster.node(leader).kill();
            Records.await(burst);
            assertThat(Records.read(cluster.bootstrap(), "burst", 1), is(Records.numbers(10_500)));
            cluster.start(leader);
            cluster.awaitInSync("burst", 3);
        }
    }
}
