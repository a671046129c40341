package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.harness.Rest;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Produce to a node that is not the leader, by every face; read it at every node. */
@Tag("cluster")
class Experiment09NotTheLeaderIT {
    @Test
    void whatAnyNodeAcknowledgedEveryNodeShows() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start("experiment09", 3)) {
            cluster.createTopic("any", 1, 3, Map.of("min.insync.replicas", "2"));
            int number = 0;
            for (int id : cluster.ids()) {
                try (var producer = Records.producer(cluster.node(id).kafka(), "all")) {
                    Records.await(Records.send(producer, "any", number, number + 10, "kafka"));
                }
                number += 10;
                cluster.node(id)
                        .api()
                        .post("/topics/any/partitions/0/records", "{\"records\":[{\"value\":" + number++ + "}]}")
                        .orFail();
            }
            int end = number;
            for (int id : cluster.ids()) {
                Rest.Answer page = cluster.node(id)
                        .api()
                        .get("/topics/any/partitions/0/records?offset=0&maxRecords=100&format=text")
                        .orFail();
                assertThat("node " + id, page.json().get("records").size(), is(end));
            }
        }
    }
}
