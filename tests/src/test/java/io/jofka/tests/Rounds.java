package io.jofka.tests;

import java.util.SplittableRandom;

/** How often a random fault is tried, and by which seeds: {@code -Drounds=} and {@code -Dseed=} of the build. */
record Rounds(int count, long firstSeed) {
    static Rounds asked() {
        int count = Integer.getInteger("rounds", 3);
        long seed = Long.getLong("seed", 0);
        return new Rounds(count, seed != 0 ? seed : System.nanoTime() & 0xffff_ffffL);
    }

    long seed(int round) {
        return firstSeed + round;
    }

    SplittableRandom random(int round) {
        return new SplittableRandom(seed(round));
    }
}
