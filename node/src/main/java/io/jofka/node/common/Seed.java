package io.jofka.node.common;

import java.util.UUID;

/** Port to chance. Thread-safe. */
public interface Seed {
    long nextLong();

    /** Uniform in {@code [0, bound)}; {@code bound} is positive. */
    int nextInt(int bound);

    /** A random (version 4) UUID. */
    default UUID nextUuid() {
        long high = (nextLong() & ~0xF000L) | 0x4000L;
        long low = (nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
