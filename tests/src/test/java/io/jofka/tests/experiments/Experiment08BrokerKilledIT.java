package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kill a broker that is not the active controller; bring it back. */
@Tag("cluster")
class Experiment08BrokerKilledIT {
    @Test
    void producingGoesOnAndItComesBackInSync() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start("experiment08", 3);
                var producer = Records.producer(cluster.bootstrap(), "all")) {
            cluster.createTopic("broker", 3, 3, Map.of("min.insync.replicas", "2"));
            Records.await(Records.send(producer, "broker", 0, 100, "a"));
            int controller = cluster.controller(cluster.ids(), cluster.ids());
            int killed = cluster.ids().stream()
                    .filter(id -> id != controller)
                    .findFirst()
                    .orElseThrow();
            cluster.node(killed).kill();
            Records.await(Records.send(producer, "broker", 100, 1_100, "b"));
            cluster.start(killed);
            cluster.awaitInSync("broker", 3);
            assertThat(Records.read(cluster.node(killed).kafka(), "broker", 3), is(Records.numbers(1_100)));
        }
    }
}
