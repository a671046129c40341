package io.jofka.node.controller;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Takes the in-sync sets that this node's leaders propose to the active controller: one command at a time, what comes
 * meanwhile goes into the next, the newest proposal of a partition wins. Thread-safe; never blocks.
 */
public final class IsrChanges {
    private static final int MAX_CHANGES = 5_000;
    private static final int TIMEOUT_MS = 5_000;

    private final Submitter submitter;
    private final int self;
    private final UUID incarnation;

    // guarded by this
    private final Map<TopicPartition, Proposal> waiting = new LinkedHashMap<>();
    private boolean underWay;

    /** A proposal and who is told when it was refused; what was accepted is told by the image. */
    private record Proposal(IsrChange change, Refusal refusal) {}

    /** Told when a proposal was not taken; without {@code certain} it may yet be committed, or have been. */
    @FunctionalInterface
    public interface Refusal {
        void refused(boolean certain, String why);
    }

    IsrChanges(Submitter submitter, int self, UUID incarnation) {
        this.submitter = submitter;
        this.self = self;
        this.incarnation = incarnation;
    }

    /** @param refusal gets the reason when nothing was changed, or when that is not known */
    public void propose(
            TopicPartition partition, int leaderEpoch, int partitionEpoch, List<Integer> isr, Refusal refusal) {
        IsrChange change = new IsrChange(partition.topicId(), partition.partition(), leaderEpoch, partitionEpoch, isr);
        synchronized (this) {
            Proposal before = waiting.put(partition, new Proposal(change, refusal));
            if (before != null) {
                before.refusal().refused(true, "A newer proposal took its place.");
            }
        }
        send();
    }

    private void send() {
        List<Proposal> batch = new ArrayList<>();
        synchronized (this) {
            if (underWay || waiting.isEmpty()) {
                return;
            }
            underWay = true;
            var each = waiting.values().iterator();
            while (each.hasNext() && batch.size() < MAX_CHANGES) {
                batch.add(each.next());
                each.remove();
            }
        }
        AlterIsr command = new AlterIsr(
                self, incarnation, batch.stream().map(Proposal::change).toList());
        var _ = submitter.submit(command, false, TIMEOUT_MS).thenAccept(reply -> answered(batch, reply));
    }

    private void answered(List<Proposal> batch, Reply<List<Verdict<Integer>>> reply) {
        synchronized (this) {
            underWay = false;
        }
        switch (reply) {
            case Reply.Done<List<Verdict<Integer>>> done -> {
                for (int i = 0; i < batch.size(); i++) {
                    if (done.answer().get(i) instanceof Verdict.Refused<Integer> no) {
                        batch.get(i).refusal().refused(true, no.detail());
                    }
                }
            }
            case Reply.Failed<List<Verdict<Integer>>> failed ->
                batch.forEach(proposal -> proposal.refusal().refused(false, failed.detail()));
        }
        send();
    }
}
