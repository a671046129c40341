package io.jofka.node.common;

import java.security.SecureRandom;

/** Chance from the operating system. */
public final class SecureSeed implements Seed {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
