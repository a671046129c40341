package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jofka.node.sim.SimulatedClock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplicaThrottleTest {
    private static final int FETCH = 1 << 20;

    private final SimulatedClock clock = new SimulatedClock();
    private final ReplicaThrottle throttle = new ReplicaThrottle();

    /** Fetches whatever may be fetched, in pieces by chance, for so long; answers the bytes. */
    private long fetchFor(long ms, Random random) {
        long end = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(ms);
        long bytes = 0;
        while (clock.nanos() < end) {
            if (throttle.available(clock.nanos()) > 0) {
                int piece = 1 + random.nextInt(FETCH);
                throttle.took(piece, clock.nanos());
                bytes += piece;
            }
            long wait = throttle.waitMs(clock.nanos());
            clock.advanceMs(Math.max(wait, random.nextInt(3)));
        }
        return bytes;
    }

    @Test
    void whateverTheFetchesTheRateIsKeptAndUsed() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            long rate = 10_000L << random.nextInt(12);
            throttle.limit(ReplicaThrottle.UNLIMITED, clock.nanos());
            throttle.limit(rate, clock.nanos());
            long began = clock.nanos();
            long bytes = fetchFor(300_000, random);
            double seconds = (clock.nanos() - began) / 1e9;
            assertThat("seed " + seed, (double) bytes, is(lessThanOrEqualTo(rate * (seconds + 1) + FETCH)));
            assertThat("seed " + seed, (double) bytes, is(greaterThanOrEqualTo(rate * seconds * 0.9 - FETCH)));
        }
    }

    @Test
    void aDebtIsPaidBackBeforeTheNextFetch() {
        throttle.limit(1_000, clock.nanos());
        assertThat(throttle.available(clock.nanos()), is(1_000L));
        throttle.took(6_000, clock.nanos());
        assertThat(throttle.available(clock.nanos()), is(0L));
        clock.advanceMs(4_999);
        assertThat(throttle.available(clock.nanos()), is(0L));
        assertThat(throttle.waitMs(clock.nanos()), is(greaterThan(0L)));
        clock.advanceMs(throttle.waitMs(clock.nanos()));
        assertThat(throttle.available(clock.nanos()), is(greaterThan(0L)));
        assertThat(throttle.waitMs(clock.nanos()), is(0L));
    }

    @Test
    void whatIsNotUsedDoesNotPileUp() {
        throttle.limit(1_000, clock.nanos());
        clock.advanceMs(3_600_000);
        assertThat(throttle.available(clock.nanos()), is(1_000L));
    }

    @Test
    void anotherRateHoldsFromNowOnAndNoneLiftsIt() {
        throttle.limit(1_000_000, clock.nanos());
        throttle.limit(10, clock.nanos());
        assertThat("what was saved up at the old rate is gone", throttle.available(clock.nanos()), is(10L));
        throttle.took(1_000, clock.nanos());
        throttle.limit(1_000_000, clock.nanos());
        assertThat("the debt stays", throttle.available(clock.nanos()), is(0L));
        clock.advanceMs(10);
        assertThat(throttle.available(clock.nanos()), is(greaterThan(0L)));
        throttle.limit(ReplicaThrottle.UNLIMITED, clock.nanos());
        throttle.took(FETCH, clock.nanos());
        assertThat(throttle.available(clock.nanos()), is(ReplicaThrottle.UNLIMITED));
        assertThat(throttle.waitMs(clock.nanos()), is(0L));
    }
}
