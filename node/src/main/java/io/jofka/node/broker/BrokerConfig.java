package io.jofka.node.broker;

/**
 * Limits and periods of the broker layer. All limits are of this node.
 *
 * @param queuedCommands commands that may wait for one partition's owner, 1 to 1,000,000
 * @param queuedBytes bytes of batches that may wait for one partition's owner, 1 KiB to 1 GiB; one append is always taken
 * @param drainBytes bytes after which one drain writes before it takes more, 64 KiB to 256 MiB
 * @param drainRounds rounds that a caller drains for others before a fresh thread goes on, 1 to 1,000
 * @param maxInflatedBytes what a compressed batch may inflate to, 1 MiB to 1 GiB
 * @param maxInflationRatio inflated bytes for each compressed byte beyond the first MiB, 10 to 1,000,000
 * @param maxProducers producers that a partition remembers, 100 to 10,000,000
 * @param producerExpiryMs forget a producer not seen for so long ({@code producer.id.expiration.ms}), 1,000 ms or more
 * @param maxFetchWaiters fetches that may wait at a time, 1 to 1,000,000; beyond it a fetch answers at once
 * @param maxWaitMs longest wait of a fetch, 1 to 600,000 ms
 * @param openers threads that open logs at start, 1 to 64
 * @param tickMs how often deadlines of appends are looked at, 1 to 1,000 ms
 * @param retentionMs how often retention and producer expiry are applied, 100 ms or more
 * @param compactionMs how often logs are looked at for compaction, 100 ms or more
 * @param checkpointMs how often a changed log is forced and its producer state written, 100 ms or more
 * @param replicaLagMs an in-sync follower that has not had everything for so long leaves the in-sync set
 *     ({@code replica.lag.time.max.ms}), 100 ms to an hour
 */
public record BrokerConfig(
        int queuedCommands,
        long queuedBytes,
        int drainBytes,
        int drainRounds,
        long maxInflatedBytes,
        int maxInflationRatio,
        int maxProducers,
        long producerExpiryMs,
        int maxFetchWaiters,
        int maxWaitMs,
        int openers,
        int tickMs,
        long retentionMs,
        long compactionMs,
        long checkpointMs,
        int replicaLagMs) {
    public BrokerConfig {
        within("queuedCommands", queuedCommands, 1, 1_000_000);
        within("queuedBytes", queuedBytes, 1 << 10, 1 << 30);
        within("drainBytes", drainBytes, 64 << 10, 256 << 20);
        within("drainRounds", drainRounds, 1, 1_000);
        within("maxInflatedBytes", maxInflatedBytes, 1 << 20, 1 << 30);
        within("maxInflationRatio", maxInflationRatio, 10, 1_000_000);
        within("maxProducers", maxProducers, 100, 10_000_000);
        within("producerExpiryMs", producerExpiryMs, 1_000, Long.MAX_VALUE);
        within("maxFetchWaiters", maxFetchWaiters, 1, 1_000_000);
        within("maxWaitMs", maxWaitMs, 1, 600_000);
        within("openers", openers, 1, 64);
        within("tickMs", tickMs, 1, 1_000);
        within("retentionMs", retentionMs, 100, Long.MAX_VALUE);
        within("compactionMs", compactionMs, 100, Long.MAX_VALUE);
        within("checkpointMs", checkpointMs, 100, Long.MAX_VALUE);
        within("replicaLagMs", replicaLagMs, 100, 3_600_000);
    }

    public static BrokerConfig defaults() {
        return new BrokerConfig(
                10_000,
                64L << 20,
                4 << 20,
                16,
                64L << 20,
                10_000,
                100_000,
                86_400_000L,
                20_000,
                60_000,
                4,
                50,
                60_000,
                15_000,
                30_000,
                10_000);
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + min + " to " + max);
        }
    }
}
