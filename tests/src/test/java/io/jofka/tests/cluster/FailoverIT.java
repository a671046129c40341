package io.jofka.tests.cluster;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of three under load (kafka-clients, kcat, REST plain, with sequences and with keys) loses processes in every
 * way: nothing acknowledged is lost, nothing is twice for producers that can retry, each producer's order is kept, and
 * the nodes come back into every in-sync set by themselves.
 */
@Tag("cluster")
class FailoverIT {
    private static ClusterProcess cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterProcess.start("failover", 3);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static List<Integer> others(int id) {
        return cluster.ids().stream().filter(other -> other != id).toList();
    }

    @Test
    void leaderKilled() {
        UnderLoad.run(cluster, "killed", () -> {
            int leader = cluster.leader(1, "killed", 0);
            cluster.node(leader).kill();
            cluster.start(leader);
        });
    }

    @Test
    void controllerLeaderKilled() {
        UnderLoad.run(cluster, "controller-killed", () -> {
            int controller = cluster.controller(cluster.ids(), cluster.ids());
            cluster.node(controller).kill();
            cluster.controller(others(controller), others(controller));
            cluster.start(controller);
        });
    }

    @Test
    void allKilledAtOnce() {
        UnderLoad.run(cluster, "all-killed", () -> {
            cluster.ids().forEach(id -> cluster.node(id).kill());
            cluster.startAll();
        });
    }

    @Test
    void nodeWiped() {
        UnderLoad.run(cluster, "wiped", () -> {
            cluster.node(3).kill();
            cluster.wipe(3);
            cluster.start(3);
        });
    }

    @Test
    void nodesRestartedOneByOne() {
        UnderLoad.run(
                cluster,
                "rolling",
                () -> cluster.ids().forEach(id -> {
                    cluster.node(id).stop();
                    cluster.start(id);
                    cluster.awaitInSync("rolling", 3);
                }));
    }

    @Test
    void leaderPaused() {
        UnderLoad.run(cluster, "paused", () -> {
            int leader = cluster.leader(1, "paused", 0);
            int other = others(leader).getFirst();
            cluster.node(leader).pause();
            Await.until(
                    Duration.ofSeconds(30),
                    "the others have elected another leader",
                    () -> cluster.leader(other, "paused", 0) != leader);
            cluster.node(leader).resume();
        });
    }
}
