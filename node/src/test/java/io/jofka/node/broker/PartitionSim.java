package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jofka.node.broker.SimPartition.Planted;
import io.jofka.node.sim.PowerCut;
import io.jofka.node.storage.StorageFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random clients, faults and restarts against one partition, from a seed that repeats it all: {@code -Dseed=} runs one
 * seed, {@code -Dseeds=} another number of them. After every step the positions and every readable record are compared
 * with what clients were told ({@link SimHistory}).
 */
class PartitionSim {
    private static final int SEEDS = Integer.getInteger("seeds", 1_000);
    private static final int STEPS = 90;
    private static final long DEADLINE_NANOS = 30_000_000_000L;

    /** Thousands of broken disks need no log lines; held here, since the logging framework holds loggers weakly. */
    private static final Logger QUIET = Logger.getLogger("io.jofka.node.storage");

    @BeforeAll
    static void silence() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        QUIET.setLevel(null);
    }

    /** Rare paths that a thousand seeds must have met, or the simulation has lost its teeth. */
    private enum Met {
        CLEAN_STOP,
        KILL,
        POWER_CUT,
        POWER_CUT_INSIDE_AN_OPERATION,
        STORAGE_FAILED,
        DISK_FULL
    }

    @Test
    void promisesHoldUnderFaults() {
        Map<Met, Integer> met = new EnumMap<>(Met.class);
        String only = System.getProperty("seed");
        if (only != null) {
            run(Long.parseLong(only), Planted.NOTHING, met);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                run(seed, Planted.NOTHING, met);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " (repeat it with -Dseed=" + seed + "): " + e.getMessage(), e);
            }
        }
        for (Met path : Met.values()) {
            assertThat(path + " in " + SEEDS + " seeds", met.getOrDefault(path, 0), greaterThan(0));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Planted.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void plantedFaultIsFound(Planted planted) {
        boolean found = false;
        for (long seed = 1; seed <= 200 && !found; seed++) {
            try {
                run(seed, planted, new EnumMap<>(Met.class));
            } catch (AssertionError e) {
                found = true;
            }
        }
        assertThat(planted + " was found by the checker", found, is(true));
    }

    private static void run(long seed, Planted planted, Map<Met, Integer> met) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean forced = planted != Planted.NOTHING || random.nextInt(3) > 0;
        SimPartition partition = new SimPartition(random.split(), forced, planted);
        List<SimProducer> producers = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(4);
            producers.add(new SimProducer(random.split(), partition.history, i + 1, kind > 0, kind == 3, !forced));
        }
        new Run(random, partition, producers, met).steps();
    }

    /** One seed. */
    private record Run(
            SplittableRandom random, SimPartition partition, List<SimProducer> producers, Map<Met, Integer> met) {
        void steps() {
            start();
            for (int i = 0; i < STEPS; i++) {
                try {
                    step();
                    partition.verify();
                } catch (PowerCut cut) {
                    meet(Met.POWER_CUT_INSIDE_AN_OPERATION);
                    crash();
                }
                if (partition.hasFailed()) {
                    meet(Met.STORAGE_FAILED);
                    producers.forEach(SimProducer::resolve);
                    kill();
                }
            }
            // heals: everything that was acknowledged has to be there at the end, after one more power cut
            crash();
            partition.verify();
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 60) {
                SimProducer producer = producers.get(random.nextInt(producers.size()));
                producer.act(partition.loop(), partition.clock.wallMs(), partition.clock.nanos() + DEADLINE_NANOS);
            } else if (dice < 78) {
                partition.runForce();
            } else if (dice < 82) {
                partition.clock.advanceMs(random.nextInt(2_000));
                partition.loop().step(new io.jofka.node.partition.LeaderEvent.TimePassed<>(partition.clock.nanos()));
            } else if (dice < 85) {
                partition.loop().checkpoint();
            } else if (dice < 87) {
                partition.deleteRecords();
            } else if (dice < 89) {
                partition.retention();
            } else if (dice < 90) {
                partition.raiseEpoch();
            } else {
                fault(dice);
            }
        }

        private void fault(int dice) {
            switch (dice) {
                case 90, 91 -> {
                    meet(Met.CLEAN_STOP);
                    partition.stop();
                    producers.forEach(SimProducer::disconnected);
                    start();
                }
                case 92, 93 -> {
                    meet(Met.KILL);
                    kill();
                }
                case 94 -> crash();
                case 95 -> partition.disk.cutPowerAt(1 + random.nextInt(12));
                case 96 -> partition.failSomething();
                case 97 -> {
                    meet(Met.DISK_FULL);
                    partition.disk.limitFreeBytes(random.nextInt(300));
                }
                default -> partition.disk.heal();
            }
        }

        private void kill() {
            partition.kill();
            producers.forEach(SimProducer::disconnected);
            start();
        }

        private void crash() {
            meet(Met.POWER_CUT);
            producers.forEach(SimProducer::resolve);
            partition.cutPower();
            producers.forEach(SimProducer::disconnected);
            start();
        }

        /** Opens until it works: the start itself may meet a full disk or another power cut. */
        private void start() {
            for (int tries = 0; ; tries++) {
                SimHistory.check(tries < 20, "the partition does not start any more: %s", partition.lastFailure());
                try {
                    partition.start();
                    if (!partition.hasFailed()) {
                        break;
                    }
                    partition.kill();
                } catch (PowerCut | StorageFailure e) {
                    partition.startFailed(e);
                }
            }
            if (!partition.forced) {
                partition.history.mayHaveLost(partition.logEnd());
                producers.forEach(SimProducer::transactionMayBeLost);
            }
        }

        private void meet(Met path) {
            met.merge(path, 1, Integer::sum);
        }
    }
}
