package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Restart the whole cluster, graceful and by SIGKILL. */
@Tag("cluster")
class Experiment07WholeClusterRestartedIT {
    @Test
    void itComesBackWithAllRecordsBothWays() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start("experiment07", 3)) {
            cluster.createTopic("whole", 3, 3, Map.of("min.insync.replicas", "2"));
            try (var producer = Records.producer(cluster.bootstrap(), "all")) {
                Records.await(Records.send(producer, "whole", 0, 1_000, "a"));
                CompletableFuture.allOf(cluster.ids().stream()
                                .map(id -> CompletableFuture.runAsync(
                                        () -> cluster.node(id).stop()))
                                .toArray(CompletableFuture[]::new))
                        .join();
                cluster.startAll();
                cluster.awaitInSync("whole", 3);
                Records.await(Records.send(producer, "whole", 1_000, 2_000, "b"));
                cluster.ids().forEach(id -> cluster.node(id).kill());
                cluster.startAll();
                cluster.awaitInSync("whole", 3);
                Records.await(Records.send(producer, "whole", 2_000, 3_000, "c"));
            }
            assertThat(Records.read(cluster.bootstrap(), "whole", 3), is(Records.numbers(3_000)));
        }
    }
}
