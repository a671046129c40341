package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import java.util.Optional;

/** Compares the leader epoch that a caller believes in with the partition's (KIP-320). */
final class EpochFence {
    private EpochFence() {}

    /** What is wrong, with {@code current} -1 for not stated. */
    static Optional<Fault> check(int current, int leaderEpoch) {
        if (current < 0 || current == leaderEpoch) {
            return Optional.empty();
        }
        return Optional.of(current < leaderEpoch ? Fault.FENCED_LEADER_EPOCH : Fault.UNKNOWN_LEADER_EPOCH);
    }

    static String detail(int current, int leaderEpoch) {
        return "The caller knows the leader epoch " + current + "; it is " + leaderEpoch + ".";
    }
}
