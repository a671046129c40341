package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL the leader controller, three times; create a topic after each. Restart each (experiment 6). */
@Tag("cluster")
class Experiment05ControllersKilledIT {
    @Test
    void topicsAreMadeAfterEachAndTheKilledOneComesBack() {
        try (ClusterProcess cluster = ClusterProcess.start("experiment05", 3)) {
            for (int i = 0; i < 3; i++) {
                int controller = cluster.controller(cluster.ids(), cluster.ids());
                cluster.node(controller).kill();
                List<Integer> left =
                        cluster.ids().stream().filter(id -> id != controller).toList();
                cluster.controller(left, left);
                String topic = "after-" + i;
                var body = "{\"name\":\"" + topic + "\",\"partitions\":3,\"replicationFactor\":2}";
                assertThat(
                        cluster.node(left.getFirst())
                                        .api()
                                        .post("/topics", body)
                                        .orFail()
                                        .status()
                                / 100,
                        is(2));
                cluster.start(controller);
                cluster.awaitInSync(topic, 2);
            }
            cluster.createTopic("all", 3, 3, Map.of());
            cluster.awaitInSync("all", 3);
        }
    }
}
