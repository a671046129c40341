package io.jofka.tests.cluster;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The network between three nodes under load is cut in every way, while clients reach all of them: what was acknowledged
 * is there, nobody who was cut off acknowledged anything that is lost, and all is in sync again after it has healed.
 */
@Tag("cluster")
class PartitionIT {
    private static ClusterProcess cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterProcess.startRelayed("partition", 3);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static List<Integer> others(int id) {
        return cluster.ids().stream().filter(other -> other != id).toList();
    }

    private static void awaitAnotherLeader(String topic, int asked, int deposed) {
        Await.until(Duration.ofSeconds(60), "node " + asked + " sees another leader than " + deposed, () -> {
            int leader = cluster.leader(asked, topic, 0);
            return leader >= 0 && leader != deposed;
        });
    }

    /** How long the cut lasts is the fault itself. */
    private static void last(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void leaderIsolatedForTenSeconds() {
        UnderLoad.run(cluster, "isolated", () -> {
            int leader = cluster.leader(1, "isolated", 0);
            cluster.links().isolate(leader);
            last(Duration.ofSeconds(10));
            awaitAnotherLeader("isolated", others(leader).getFirst(), leader);
            cluster.links().heal();
        });
    }

    @Test
    void controllerLeaderIsolated() {
        UnderLoad.run(cluster, "controller-isolated", () -> {
            int controller = cluster.controller(cluster.ids(), cluster.ids());
            cluster.links().isolate(controller);
            cluster.controller(others(controller), others(controller));
            last(Duration.ofSeconds(5));
            cluster.links().heal();
        });
    }

    @Test
    void minorityCutOffFromMajority() {
        UnderLoad.run(cluster, "split", () -> {
            int leader = cluster.leader(1, "split", 0);
            cluster.links().split(Set.of(leader));
            awaitAnotherLeader("split", others(leader).getFirst(), leader);
            cluster.links().healWithNewConnections();
        });
    }

    @Test
    void everybodyCutOffFromEverybody() {
        UnderLoad.run(cluster, "scattered", () -> {
            cluster.ids().forEach(id -> cluster.links().isolate(id));
            last(Duration.ofSeconds(5));
            cluster.links().heal();
        });
    }

    @Test
    void oneWayCutFromTheLeader() {
        UnderLoad.run(cluster, "one-way", () -> {
            int leader = cluster.leader(1, "one-way", 0);
            cluster.links().cutOneWay(leader, others(leader).getFirst());
            last(Duration.ofSeconds(8));
            cluster.links().heal();
        });
    }

    @Test
    void oneWayCutToTheLeader() {
        UnderLoad.run(cluster, "one-way-back", () -> {
            int leader = cluster.leader(1, "one-way-back", 0);
            others(leader).forEach(other -> cluster.links().cutOneWay(other, leader));
            last(Duration.ofSeconds(8));
            cluster.links().heal();
        });
    }

    @Test
    void twoNodesThatOnlyAThirdSees() {
        UnderLoad.run(cluster, "bridge", () -> {
            int leader = cluster.leader(1, "bridge", 0);
            cluster.links().cut(leader, others(leader).getFirst());
            last(Duration.ofSeconds(8));
            cluster.links().heal();
        });
    }
}
