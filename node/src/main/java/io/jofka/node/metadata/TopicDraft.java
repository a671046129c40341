package io.jofka.node.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A topic while records change it. Confined to one replay. */
final class TopicDraft {
    final String name;
    final UUID id;
    final List<PartitionImage> partitions = new ArrayList<>();
    final Map<String, String> configs = new TreeMap<>();
    /** A snapshot says the index of the last change itself. */
    boolean keepIndex;

    private final boolean internal;
    private final long createdIndex;
    private long changedIndex;

    TopicDraft(String name, UUID id, boolean internal, long createdIndex, long changedIndex) {
        this.name = name;
        this.id = id;
        this.internal = internal;
        this.createdIndex = createdIndex;
        this.changedIndex = changedIndex;
    }

    static TopicDraft of(TopicImage topic) {
        TopicDraft draft =
                new TopicDraft(topic.name(), topic.id(), topic.internal(), topic.createdIndex(), topic.changedIndex());
        draft.partitions.addAll(topic.partitions());
        draft.configs.putAll(topic.configs());
        return draft;
    }

    void touched(long index) {
        if (!keepIndex) {
            changedIndex = index;
        }
    }

    TopicImage image() {
        return new TopicImage(
                name, id, internal, List.copyOf(partitions), Map.copyOf(configs), createdIndex, changedIndex);
    }
}
