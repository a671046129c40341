package io.jofka.tests;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.history.History;
import io.jofka.tests.workload.Target;
import io.jofka.tests.workload.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kill -9 under load, again and again on the same data: nothing acknowledged is lost, nothing is twice for producers
 * that can retry, each producer's order is kept, and both protocols read the same.
 */
class CrashIT {
    private static final int PARTITIONS = 6;

    @ParameterizedTest
    @ValueSource(strings = {"forced", "replicated"})
    void nothingAcknowledgedIsLostWhenTheNodeIsKilled(String durability) {
        Rounds rounds = Rounds.asked();
        NodeProcess node = NodeProcess.start("crash-" + durability);
        try {
            String topic = "crash";
            // small segments, so that kills hit rolls and recovery of several of them
            node.api().createTopic(topic, PARTITIONS, Map.of("durability", durability, "segment.bytes", "1048576"));
            Target target = new Target(node.rest(), node.kafka(), topic, PARTITIONS, new History());
            for (int round = 0; round < rounds.count(); round++) {
                SplittableRandom random = rounds.random(round);
                String name = "crash " + durability + " round " + round + " seed " + rounds.seed(round);
                Workload workload = new Workload(target, round, random.nextInt(400));
                long before = target.history().acked();
                Await.until(
                        Duration.ofSeconds(30),
                        name + ": acknowledgements",
                        () -> target.history().acked() > before + 50);
                pause(200 + random.nextInt(1_500));
                node.kill();
                node = node.again();
                long after = target.history().acked();
                Await.until(
                        Duration.ofSeconds(60),
                        name + ": acknowledgements after the restart",
                        () -> target.history().acked() > after + 50);
                workload.end();
                RoundCheck.check(
                        target, name + ", ready after " + node.readyAfter().toMillis() + " ms");
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + rounds.firstSeed() + "; " + e.getMessage() + "\n" + node.logTail(), e);
        } finally {
            node.close();
        }
    }

    /** The instant of the kill is what is random here; there is nothing to wait for. */
    private static void pause(long millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(
                Duration.ofMillis(millis).toNanos());
    }
}
