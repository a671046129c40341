package io.jofka.api.batch;

/** Chooses the partition of a key exactly as Kafka's default partitioner does. */
public final class Partitioner {
    private Partitioner() {}

    /** The partition, 0 to {@code partitions - 1}, of a key that is not null. */
    public static int forKey(byte[] key, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least one partition");
        }
        return (Murmur2.hash(key) & 0x7fff_ffff) % partitions;
    }
}
