package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.IsrChanges;
import java.util.List;

/** Where leaders ask for another in-sync set. Never blocks, never fails; thread-safe. */
@FunctionalInterface
public interface IsrProposals {
    void propose(
            TopicPartition partition,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> isr,
            IsrChanges.Refusal refusal);
}
