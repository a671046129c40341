package io.jofka.node.partition;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The in-sync set and how far each follower is known to be. Owned by the leader machine; a partition of one replica holds
 * no map.
 *
 * <p>A set that was proposed and is not decided yet counts together with the committed one (KIP-497): the controller may
 * have committed it already and elect one of its members.
 */
final class InSyncReplicas {
    /** A refused proposal is not made again before this. */
    private static final long BACKOFF_NANOS = 500_000_000L;

    private final int self;
    private int partitionEpoch;
    private Set<Integer> replicas;
    private Set<Integer> isr;
    /** What was proposed since the last commit and may have been committed. */
    private Set<Integer> proposed = Set.of();

    private boolean underWay;
    /** The outcome of a proposal is not known: until the next commit nothing that was proposed may be forgotten. */
    private boolean uncertain;

    private boolean resting;
    private long restUntilNanos;
    private Map<Integer, Follower> followers = Map.of();

    /** A follower by its fetches of this leader epoch. */
    private static final class Follower {
        long end;
        long fetchedNanos;
        long leaderEndThen = Long.MAX_VALUE;
        long caughtUpNanos;

        Follower(long nowNanos) {
            this.fetchedNanos = nowNanos;
            this.caughtUpNanos = nowNanos;
        }
    }

    InSyncReplicas(int self, int partitionEpoch, Set<Integer> isr, Set<Integer> replicas) {
        this.self = self;
        this.partitionEpoch = partitionEpoch;
        this.isr = Set.copyOf(isr);
        this.replicas = Set.copyOf(replicas);
    }

    boolean isFollower(int node) {
        return node != self && replicas.contains(node);
    }

    int partitionEpoch() {
        return partitionEpoch;
    }

    /** As Kafka's replica: caught up is who has what the leader had at this fetch, or at the one before. */
    void fetched(int node, long end, long leaderEnd, long nowNanos) {
        Follower follower = follower(node, nowNanos);
        if (end >= leaderEnd) {
            follower.caughtUpNanos = nowNanos;
        } else if (end >= follower.leaderEndThen) {
            follower.caughtUpNanos = Math.max(follower.caughtUpNanos, follower.fetchedNanos);
        }
        follower.end = Math.max(follower.end, end);
        follower.leaderEndThen = leaderEnd;
        follower.fetchedNanos = nowNanos;
    }

    private Follower follower(int node, long nowNanos) {
        if (followers.isEmpty()) {
            followers = new HashMap<>();
        }
        return followers.computeIfAbsent(node, n -> new Follower(nowNanos));
    }

    /** The larger set to propose, now that the node has everything below {@code needed}. */
    Optional<Set<Integer>> expansion(int node, long end, long needed, long nowNanos) {
        if (isr.contains(node) || end < needed || !mayPropose(nowNanos)) {
            return Optional.empty();
        }
        Set<Integer> larger = new HashSet<>(isr);
        larger.add(node);
        return Optional.of(propose(larger));
    }

    /**
     * The smaller set to propose where a follower has not been at the leader's end for so long. While an outcome is not
     * known a set is proposed in any case: the partition epoch that its decision brings, or shows to be there already,
     * ends the doubt, which would else hold the high watermark for a follower that may be dead.
     */
    Optional<Set<Integer>> shrinking(long leaderEnd, long nowNanos, long lagNanos) {
        if ((isr.size() == 1 && !uncertain) || !mayPropose(nowNanos)) {
            return Optional.empty();
        }
        Set<Integer> smaller = new HashSet<>();
        for (int node : isr) {
            if (node == self) {
                smaller.add(node);
            } else {
                Follower follower = follower(node, nowNanos);
                if (follower.end == leaderEnd || nowNanos - follower.caughtUpNanos <= lagNanos) {
                    smaller.add(node);
                }
            }
        }
        return smaller.size() == isr.size() && !uncertain ? Optional.empty() : Optional.of(propose(smaller));
    }

    private boolean mayPropose(long nowNanos) {
        if (resting && nowNanos - restUntilNanos >= 0) {
            resting = false;
        }
        return !underWay && !resting;
    }

    private Set<Integer> propose(Set<Integer> set) {
        underWay = true;
        Set<Integer> all = new HashSet<>(proposed);
        all.addAll(set);
        proposed = Set.copyOf(all);
        return Set.copyOf(set);
    }

    /** The proposal was not taken, or, not {@code certain}, nobody knows. */
    void refused(int ofPartitionEpoch, boolean certain, long nowNanos) {
        if (ofPartitionEpoch == partitionEpoch && underWay) {
            underWay = false;
            resting = true;
            restUntilNanos = nowNanos + BACKOFF_NANOS;
            uncertain |= !certain;
            if (!uncertain) {
                proposed = Set.of();
            }
        }
    }

    /** What followers said counts for one epoch only. */
    void forgetAcknowledgements() {
        followers = Map.of();
    }

    /** Returns whether the set is news. */
    boolean committed(int newEpoch, Set<Integer> newIsr, Set<Integer> newReplicas) {
        if (newEpoch <= partitionEpoch) {
            return false;
        }
        partitionEpoch = newEpoch;
        isr = Set.copyOf(newIsr);
        replicas = Set.copyOf(newReplicas);
        proposed = Set.of();
        underWay = false;
        uncertain = false;
        if (!followers.isEmpty()) {
            followers.keySet().retainAll(replicas);
        }
        return true;
    }

    /**
     * Whether enough replicas are in sync. As Kafka 4's effectiveMinIsr (KIP-966), never more are asked for than the
     * partition has.
     */
    boolean enough(int minInsyncReplicas) {
        return isr.size() >= Math.min(minInsyncReplicas, replicas.size());
    }

    int size() {
        return isr.size();
    }

    /** The offset below which every in-sync replica has everything; {@code own} is what counts on this node. */
    long commonEnd(long own) {
        if (proposed.isEmpty() && isr.size() == 1 && isr.contains(self)) {
            return own;
        }
        return Math.min(commonEnd(own, isr), commonEnd(own, proposed));
    }

    private long commonEnd(long own, Set<Integer> nodes) {
        long end = own;
        for (int node : nodes) {
            if (node != self) {
                Follower follower = followers.get(node);
                end = Math.min(end, follower == null ? 0 : follower.end);
            }
        }
        return end;
    }
}
