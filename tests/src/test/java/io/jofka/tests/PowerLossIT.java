package io.jofka.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.history.History;
import io.jofka.tests.powerloss.PowerCut;
import io.jofka.tests.powerloss.Shim;
import io.jofka.tests.workload.Target;
import io.jofka.tests.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Simulated power loss of a real node under load: after kill -9 its data folder is replaced by one that has what was
 * forced and a random, torn part of the rest (see {@link PowerCut}). What was acknowledged on a
 * {@code durability=forced} topic must be there.
 */
class PowerLossIT {
    private static final int PARTITIONS = 4;

    @Test
    void nothingAcknowledgedOnAForcedTopicIsLostWhenThePowerFails() throws Exception {
        Optional<Shim> shim = Shim.build();
        assumeTrue(shim.isPresent(), "no C compiler: the power-loss test is skipped");
        Rounds rounds = Rounds.asked();
        Path scratch = Folders.temporary("powerloss");
        NodeOptions options = NodeOptions.fresh("powerloss");
        Run run = new Run(shim.orElseThrow(), scratch, options);
        try {
            run.start();
            run.node.api().createTopic("power", PARTITIONS, Map.of("durability", "forced", "segment.bytes", "1048576"));
            Target target = new Target(run.node.rest(), run.node.kafka(), "power", PARTITIONS, new History());
            for (int round = 0; round < rounds.count(); round++) {
                SplittableRandom random = rounds.random(round);
                String name = "power loss round " + round + " seed " + rounds.seed(round);
                Workload workload = new Workload(target, round, random.nextInt(400));
                long before = target.history().acked();
                Await.until(
                        Duration.ofSeconds(30),
                        name + ": acknowledgements",
                        () -> target.history().acked() > before + 50);
                LockSupport.parkNanos(
                        Duration.ofMillis(200 + random.nextInt(1_500)).toNanos());
                PowerCut.Damage damage = run.cut(random);
                run.start();
                long after = target.history().acked();
                Await.until(
                        Duration.ofSeconds(60),
                        name + ": acknowledgements after the restart",
                        () -> target.history().acked() > after + 50);
                workload.end();
                RoundCheck.check(
                        target,
                        name + ", " + damage + ", ready after "
                                + run.node.readyAfter().toMillis() + " ms");
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + rounds.firstSeed() + "; images kept in " + scratch + "\n" + e.getMessage() + "\n"
                            + run.log(),
                    e);
        } finally {
            run.close();
        }
        Folders.delete(scratch);
    }

    /** The node under the shim, with a copy of its data from before each start. */
    private static final class Run {
        private final Shim shim;
        private final Path scratch;
        private final NodeOptions options;
        private int starts;

        @SuppressWarnings("NullAway.Init")
        private NodeProcess node;

        Run(Shim shim, Path scratch, NodeOptions options) {
            this.shim = shim;
            this.scratch = scratch;
            this.options = options;
        }

        void start() {
            starts++;
            Folders.copy(options.data(), before());
            node = NodeProcess.start(options.withEnvironment(shim.environment(options.data(), journal())));
        }

        PowerCut.Damage cut(SplittableRandom random) throws java.io.IOException {
            node.kill();
            Path image = scratch.resolve("image-" + starts);
            PowerCut.Damage damage = PowerCut.image(before(), options.data(), journal(), random, image);
            Folders.delete(options.data());
            Folders.copy(image, options.data());
            Folders.delete(before());
            Folders.delete(scratch.resolve("image-" + (starts - 1)));
            Files.deleteIfExists(scratch.resolve("journal-" + (starts - 1)));
            return damage;
        }

        private Path before() {
            return scratch.resolve("before-" + starts);
        }

        private Path journal() {
            return scratch.resolve("journal-" + starts);
        }

        String log() {
            return node == null ? "never started" : node.logTail();
        }

        void close() {
            if (node != null) {
                node.close();
            }
        }
    }
}
