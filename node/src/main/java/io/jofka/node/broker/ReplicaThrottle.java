package io.jofka.node.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.TimeUnit;

/**
 * How fast replicas that are being moved to this node may be fetched: a bucket that fills at the rate, holds what comes in
 * a second, and may be overdrawn by one fetch, which then is paid back before the next. Over any time t the bytes are at
 * most rate * (t + 1 s) and one fetch. Pure: time (ns, monotonic) comes in. Thread-safe.
 */
final class ReplicaThrottle {
    static final long UNLIMITED = Long.MAX_VALUE;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    // guarded by this
    private long bytesPerSecond = UNLIMITED;
    private double tokens;
    private long filledNanos;

    /**
     * @param rate bytes a second, 1 or more
     * @return whether it is another than before
     */
    @CanIgnoreReturnValue
    synchronized boolean limit(long rate, long nowNanos) {
        if (rate == bytesPerSecond) {
            return false;
        }
        if (bytesPerSecond == UNLIMITED) {
            tokens = rate;
            filledNanos = nowNanos;
        } else {
            fill(nowNanos);
        }
        bytesPerSecond = rate;
        tokens = Math.min(tokens, (double) rate);
        return true;
    }

    private void fill(long nowNanos) {
        double more = bytesPerSecond * ((nowNanos - filledNanos) / NANOS);
        tokens = Math.min((double) bytesPerSecond, tokens + Math.max(0, more));
        filledNanos = nowNanos;
    }

    /** Bytes that may be asked for now; 0 while there is a debt. */
    synchronized long available(long nowNanos) {
        if (bytesPerSecond == UNLIMITED) {
            return UNLIMITED;
        }
        fill(nowNanos);
        return tokens < 1 ? 0 : (long) tokens;
    }

    synchronized void took(long bytes, long nowNanos) {
        if (bytesPerSecond != UNLIMITED) {
            fill(nowNanos);
            tokens -= bytes;
        }
    }

    /** Milliseconds until something may be asked for; 0 when it may be now. */
    synchronized long waitMs(long nowNanos) {
        if (bytesPerSecond == UNLIMITED) {
            return 0;
        }
        fill(nowNanos);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / bytesPerSecond * 1_000);
    }
}
