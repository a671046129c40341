package io.jofka.node.broker.idempotency;

/**
 * Settings of the idempotency keys.
 *
 * @param shards partitions of the topic when it is created, 1 to 1,000
 * @param maxKeysPerShard keys remembered at one time in one shard; about 300 bytes of heap each (429 beyond it)
 * @param expiryMs how long a key is remembered, at most the time for which the log remembers producers
 * @param queueLength commands waiting for one shard (503 beyond it)
 * @param timeoutMs how long one step (creating the topic, loading, a durable append) may take
 */
public record IdempotencyConfig(int shards, int maxKeysPerShard, long expiryMs, int queueLength, int timeoutMs) {
    /** Where the keys are kept. */
    public static final String TOPIC = "__idempotency";

    public static IdempotencyConfig defaults() {
        return new IdempotencyConfig(8, 25_000, 86_400_000, 1_000, 30_000);
    }
}
