package io.jofka.node.sim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Seed;
import java.util.SplittableRandom;

/** Chance that repeats: the same seed gives the same numbers in the same order. Thread-safe. */
public final class SimulatedSeed implements Seed {
    @GuardedBy("this")
    private final SplittableRandom random;

    public SimulatedSeed(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }

    @Override
    public synchronized int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
