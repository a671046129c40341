package io.jofka.node.sim;

import io.jofka.node.common.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to. Thread-safe. */
public final class SimulatedClock implements Clock {
    private final AtomicLong wallMs;
    private final AtomicLong nanos = new AtomicLong();

    public SimulatedClock(long wallMs) {
        this.wallMs = new AtomicLong(wallMs);
    }

    /** Starts at a fixed day, so that traces of two runs are equal. */
    public SimulatedClock() {
        this(1_767_225_600_000L);
    }

    @Override
    public long wallMs() {
        return wallMs.get();
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Both clocks move on. */
    public void advanceMs(long ms) {
        wallMs.addAndGet(ms);
        nanos.addAndGet(ms * 1_000_000);
    }

    /** Only the wall clock jumps, either way, as an administrator or a time server makes it. */
    public void jumpWallMs(long ms) {
        wallMs.addAndGet(ms);
    }
}
