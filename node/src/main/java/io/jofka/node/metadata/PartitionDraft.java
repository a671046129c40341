package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataRecord.PartitionChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/** A partition while a decision about it is made, and the record that carries the decision out. Confined to one decision. */
final class PartitionDraft {
    private final PartitionImage old;
    List<Integer> replicas;
    List<Integer> isr;
    List<Integer> eligible;
    List<Integer> adding;
    List<Integer> removing;
    int leader;
    private boolean newEpoch;
    private boolean confirmed;

    PartitionDraft(PartitionImage old) {
        this.old = old;
        this.replicas = old.replicas();
        this.isr = old.isr();
        this.eligible = old.eligible();
        this.adding = old.adding();
        this.removing = old.removing();
        this.leader = old.leader();
    }

    PartitionImage old() {
        return old;
    }

    /** The leader stays and begins a new epoch. */
    void sameLeaderNewEpoch() {
        newEpoch = true;
    }

    /** The in-sync set stays and the partition epoch rises. */
    void confirmIsr() {
        confirmed = true;
    }

    /**
     * The in-sync set becomes this. Who leaves it while fewer stay than {@code minIsr} has all that was committed, since
     * nothing is committed below that number: it stays eligible (KIP-966).
     */
    void isr(List<Integer> next, int minIsr) {
        Set<Integer> left = new LinkedHashSet<>(eligible);
        left.addAll(isr);
        next.forEach(left::remove);
        eligible = next.size() < minIsr ? List.copyOf(left) : List.of();
        isr = List.copyOf(next);
    }

    static List<Integer> without(List<Integer> from, List<Integer> what) {
        List<Integer> left = new ArrayList<>(from);
        left.removeAll(what);
        return List.copyOf(left);
    }

    /** The record, or nothing where the decision leaves all as it is. */
    Optional<MetadataRecord> record(UUID topicId) {
        boolean newLeader = newEpoch || leader != old.leader();
        PartitionChange change = new PartitionChange(
                topicId,
                old.partition(),
                changed(old.replicas(), replicas),
                confirmed ? Optional.of(isr) : changed(old.isr(), isr),
                changed(old.eligible(), eligible),
                newLeader ? OptionalInt.of(leader) : OptionalInt.empty(),
                changed(old.adding(), adding),
                changed(old.removing(), removing));
        boolean nothing = !newLeader
                && change.replicas().isEmpty()
                && change.isr().isEmpty()
                && change.eligible().isEmpty()
                && change.adding().isEmpty()
                && change.removing().isEmpty();
        return nothing ? Optional.empty() : Optional.of(change);
    }

    private static Optional<List<Integer>> changed(List<Integer> before, List<Integer> after) {
        return before.equals(after) ? Optional.empty() : Optional.of(after);
    }
}
