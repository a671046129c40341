package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 6,000 records with acks=all, leader killed at once. */
@Tag("cluster")
class Experiment04KillAtOnceIT {
    @Test
    void allOfThemAreThereOnce() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start("experiment04", 3);
                var producer = Records.producer(cluster.bootstrap(), "all")) {
            cluster.createTopic("atonce", 1, 3, Map.of("min.insync.replicas", "2"));
            Records.await(Records.send(producer, "atonce", 0, 6_000, "a"));
            int leader = cluster.leader(1, "atonce", 0);
            cluster.node(leader).kill();
            assertThat(Records.read(cluster.bootstrap(), "atonce", 1), is(Records.numbers(6_000)));
            cluster.start(leader);
            cluster.awaitInSync("atonce", 3);
        }
    }
}
