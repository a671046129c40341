package io.jofka.node.consensus;

import io.jofka.node.common.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Time;

/**
 * The engine's time: begins at wall time and goes on by the monotonic clock, so that a jump of the wall clock makes no
 * election. Thread-safe.
 */
final class EngineTime implements Time {
    private final Clock clock;
    private final long wallMsAtZero;

    EngineTime(Clock clock) {
        this.clock = clock;
        this.wallMsAtZero = clock.wallMs() - TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    @Override
    public long milliseconds() {
        return wallMsAtZero + TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    @Override
    public long nanoseconds() {
        return clock.nanos();
    }

    @Override
    public void sleep(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
