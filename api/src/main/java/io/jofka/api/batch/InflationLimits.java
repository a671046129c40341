package io.jofka.api.batch;

/**
 * How far a compressed batch may inflate. Both limits are counted while inflating, before memory is taken.
 *
 * @param maxInflatedBytes the records of one batch after inflation, in bytes, 1 to 2^31 - 9
 * @param maxRatio inflated bytes per compressed byte, at least 1; only counted beyond the first {@link #FREE_BYTES},
 *     since small batches of like records compress very well
 */
public record InflationLimits(long maxInflatedBytes, int maxRatio) {
    /** Bytes that may always be inflated, whatever the ratio (as long as {@code maxInflatedBytes} allows them). */
    public static final int FREE_BYTES = 1 << 20;

    /** The largest array that every JVM can make. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    public InflationLimits {
        if (maxInflatedBytes < 1 || maxRatio < 1) {
            throw new IllegalArgumentException("inflation limits must be positive");
        }
    }

    /** 64 MiB and 1,100 to 1: gzip reaches 1,032 at best, LZ4 255, Snappy 22. */
    public static InflationLimits defaults() {
        return new InflationLimits(64L << 20, 1_100);
    }

    /** The number of bytes that {@code deflatedBytes} may become. */
    int allowedFor(int deflatedBytes) {
        long byRatio = Math.max(FREE_BYTES, (long) deflatedBytes * maxRatio);
        return (int) Math.min(MAX_ARRAY, Math.min(maxInflatedBytes, byRatio));
    }
}
