package io.jofka.tests;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.harness.Rest;
import io.jofka.tests.history.History;
import io.jofka.tests.workload.Target;
import io.jofka.tests.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of three under load (kafka-clients, REST with and without sequences) loses nodes in every way: nothing
 * acknowledged is lost, nothing is twice for producers that can retry, each producer's order is kept, and the nodes come
 * back into every in-sync set by themselves.
 */
@Tag("cluster")
class FailoverIT {
    private static final int PARTITIONS = 6;
    private static ClusterProcess cluster;

    private interface Fault {
        void happen();
    }

    @BeforeAll
    static void start() {
        cluster = ClusterProcess.start("failover", 3);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static void underLoad(String topic, Fault fault) {
        try {
            Await.until(Duration.ofSeconds(60), "a topic on three nodes that are up", () -> create(topic));
            Target target = new Target(cluster.node(1).rest(), cluster.bootstrap(), topic, PARTITIONS, new History());
            Workload workload = new Workload(target, 0, 100);
            awaitProgress(target, topic + ": acknowledgements before the fault");
            fault.happen();
            awaitProgress(target, topic + ": acknowledgements after the fault");
            workload.end();
            cluster.awaitInSync(1, topic, 3);
            RoundCheck.check(target, topic);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + cluster.logTails(), e);
        }
    }

    /** False while a node is not up yet. */
    private static boolean create(String topic) {
        String body = "{\"name\":\"" + topic + "\",\"partitions\":" + PARTITIONS + ",\"replicationFactor\":3,"
                + "\"configs\":{\"min.insync.replicas\":\"2\"}}";
        Rest.Answer answer = cluster.node(1).api().post("/topics", body);
        if (answer.status() == 422 || answer.status() == 503) {
            return false;
        }
        answer.orFail();
        return true;
    }

    private static void awaitProgress(Target target, String what) {
        long before = target.history().acked();
        Await.until(Duration.ofSeconds(60), what, () -> target.history().acked() > before + 200);
    }

    @Test
    void leaderKilled() {
        underLoad("killed", () -> {
            cluster.node(2).kill();
            cluster.start(2);
        });
    }

    @Test
    void allKilledAtOnce() {
        underLoad("all-killed", () -> {
            for (int id = 1; id <= 3; id++) {
                cluster.node(id).kill();
            }
            cluster.startAll();
        });
    }

    @Test
    void nodeWiped() {
        underLoad("wiped", () -> {
            cluster.node(3).kill();
            cluster.wipe(3);
            cluster.start(3);
        });
    }

    @Test
    void nodesRestartedOneByOne() {
        underLoad("rolling", () -> {
            for (int id = 2; id <= 3; id++) {
                cluster.node(id).stop();
                cluster.start(id);
                cluster.awaitInSync(1, "rolling", 3);
            }
        });
    }

    @Test
    void leaderPaused() {
        underLoad("paused", () -> {
            cluster.node(2).pause();
            Await.until(
                    Duration.ofSeconds(30),
                    "the others have fenced it",
                    () -> !cluster.node(1)
                            .api()
                            .get("/topics/paused/partitions")
                            .text()
                            .contains("\"leader\":2"));
            cluster.node(2).resume();
        });
    }
}
