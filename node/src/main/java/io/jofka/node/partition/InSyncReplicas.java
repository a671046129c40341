package io.jofka.node.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The in-sync set and how far each of its followers is known to be. Owned by the leader machine; a partition of one
 * replica holds no map.
 */
final class InSyncReplicas {
    private final int self;
    private int partitionEpoch;
    private int replicas;
    private Set<Integer> isr;
    /** End offsets of followers, in sync or not, as their last fetch of this epoch told. */
    private Map<Integer, Long> ends = Map.of();

    InSyncReplicas(int self, int partitionEpoch, Set<Integer> isr, int replicas) {
        this.self = self;
        this.partitionEpoch = partitionEpoch;
        this.isr = Set.copyOf(isr);
        this.replicas = replicas;
    }

    void acknowledged(int node, long end) {
        if (ends.isEmpty()) {
            ends = new HashMap<>();
        }
        ends.merge(node, end, Math::max);
    }

    /** What followers said counts for one epoch only. */
    void forgetAcknowledgements() {
        ends = Map.of();
    }

    /** Returns whether the set is news. */
    boolean committed(int newEpoch, Set<Integer> newIsr, int newReplicas) {
        if (newEpoch <= partitionEpoch) {
            return false;
        }
        partitionEpoch = newEpoch;
        isr = Set.copyOf(newIsr);
        replicas = newReplicas;
        return true;
    }

    /**
     * Whether enough replicas are in sync. As Kafka 4's effectiveMinIsr (KIP-966), never more are asked for than the
     * partition has.
     */
    boolean enough(int minInsyncReplicas) {
        return isr.size() >= Math.min(minInsyncReplicas, replicas);
    }

    int size() {
        return isr.size();
    }

    /** The offset below which every in-sync replica has everything; {@code own} is what counts on this node. */
    long commonEnd(long own) {
        if (ends.isEmpty() && isr.size() == 1 && isr.contains(self)) {
            return own;
        }
        long end = own;
        for (int node : isr) {
            if (node != self) {
                end = Math.min(end, ends.getOrDefault(node, 0L));
            }
        }
        return end;
    }
}
