package io.jofka.node.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may be in sync and who leads, given which nodes live: the rules that all decisions about partitions share. A leader
 * comes from the in-sync set, or, when none of that set lives, from the eligible replicas (KIP-966); never from elsewhere.
 * The last members of an in-sync set stay in it when they die: only they are known to have everything. Pure, confined to
 * one decision.
 */
final class Leadership {
    /** Changes in one decision: about 2 MB of records; what is left is decided next. */
    static final int MAX_CHANGES = 20_000;

    private final MetadataImage image;
    private final Map<Integer, NodeImage> changedNodes;
    private final EffectiveConfigs configs;

    /** @param changedNodes nodes as they will be when the decision is committed */
    Leadership(MetadataImage image, Map<Integer, NodeImage> changedNodes, EffectiveConfigs configs) {
        this.image = image;
        this.changedNodes = changedNodes;
        this.configs = configs;
    }

    boolean lives(int node) {
        return node(node).filter(n -> n.broker() && !n.fenced()).isPresent();
    }

    boolean mayLead(int node) {
        return node(node).filter(NodeImage::isUsable).isPresent();
    }

    private Optional<NodeImage> node(int id) {
        NodeImage changed = changedNodes.get(id);
        return changed == null ? image.node(id) : Optional.of(changed);
    }

    /** Replicas that must be in sync before anything is committed. */
    int minIsr(TopicImage topic, PartitionImage partition) {
        int asked = configs.settings(image, topic.configs()).minInsyncReplicas();
        return Math.min(asked, partition.replicas().size());
    }

    boolean forced(TopicImage topic) {
        return configs.settings(image, topic.configs()).forced();
    }

    /** Takes dead nodes out of the in-sync set, as long as a living one stays, and sees to a living leader. */
    void repair(TopicImage topic, PartitionDraft draft) {
        List<Integer> living = draft.isr.stream().filter(this::lives).toList();
        if (!living.isEmpty() && living.size() < draft.isr.size()) {
            draft.isr(living, minIsr(topic, draft.old()));
        }
        lead(draft);
    }

    /** Chooses the leader; -1 when nobody may be. A draining leader stays only where nobody can take over. */
    void lead(PartitionDraft draft) {
        boolean leads = draft.isr.contains(draft.leader) && draft.replicas.contains(draft.leader);
        if (leads && mayLead(draft.leader)) {
            return;
        }
        Optional<Integer> next = first(draft.replicas, id -> draft.isr.contains(id) && mayLead(id));
        if (next.isEmpty() && leads && lives(draft.leader)) {
            return;
        }
        next = next.or(() -> first(draft.replicas, id -> draft.isr.contains(id) && lives(id)));
        if (next.isPresent()) {
            draft.leader = next.get();
            return;
        }
        Optional<Integer> eligible = first(draft.replicas, id -> draft.eligible.contains(id) && lives(id));
        if (eligible.isPresent()) {
            draft.leader = eligible.get();
            draft.eligible = PartitionDraft.without(draft.eligible, List.of(draft.leader));
            draft.isr = List.of(draft.leader);
        } else {
            draft.leader = -1;
        }
    }

    private interface Test {
        boolean of(int node);
    }

    private static Optional<Integer> first(List<Integer> replicas, Test test) {
        for (int id : replicas) {
            if (test.of(id)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /** Repairs every partition that has a replica on the node, up to {@link #MAX_CHANGES}. */
    List<MetadataRecord> repairAround(int node) {
        List<MetadataRecord> records = new ArrayList<>();
        if (image.load(node).replicas() == 0) {
            return records;
        }
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(node) && records.size() < MAX_CHANGES) {
                    PartitionDraft draft = new PartitionDraft(partition);
                    repair(topic, draft);
                    draft.record(topic.id()).ifPresent(records::add);
                }
            }
        }
        return records;
    }
}
