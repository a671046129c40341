package io.jofka.node.rest.data.produce;

import io.jofka.node.common.Seed;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where records without a key go: to one partition until about {@link #STICK_BYTES} went there, then to another
 * (KIP-794), over all requests, so that small requests share a batch and a force. Only a count of bytes is kept for
 * each of a few hundred slots; topics that share a slot only switch sooner. Thread-safe, without locks.
 */
public final class StickyPartitions {
    /** A Kafka client's batch. */
    private static final long STICK_BYTES = 16 << 10;

    private static final int SLOTS = 512;

    private final AtomicLongArray sent = new AtomicLongArray(SLOTS);
    private final long salt;

    public StickyPartitions(Seed seed) {
        this.salt = seed.nextLong();
    }

    /** The choice for this topic; partitions without a leader are left out while there are others. */
    public Placement of(TopicImage topic) {
        return (key, sizeBytes) -> place(topic, sizeBytes);
    }

    private int place(TopicImage topic, int sizeBytes) {
        int partitions = topic.partitions().size();
        long id = topic.id().getLeastSignificantBits() ^ topic.id().getMostSignificantBits();
        int slot = (int) (mix(id) & (SLOTS - 1));
        long turn = sent.getAndAdd(slot, sizeBytes) / STICK_BYTES;
        int choice = (int) Long.remainderUnsigned(mix((turn + salt) ^ id), partitions);
        for (int i = 0; i < partitions; i++) {
            PartitionImage candidate = topic.partitions().get((choice + i) % partitions);
            if (candidate.leader() >= 0) {
                return candidate.partition();
            }
        }
        return choice;
    }

    /** The finaliser of SplitMix64: every bit of the result depends on every bit of the input. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
