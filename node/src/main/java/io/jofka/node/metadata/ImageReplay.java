package io.jofka.node.metadata;

import io.jofka.node.common.Invariant;
import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.PartitionChange;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.TreePMap;

/**
 * One step from an image to the next: takes records in the order of the log, then gives the image. Confined to one
 * thread; the base image stays as it is. A record that contradicts the image is a bug or a foreign log and ends the step
 * with an exception.
 */
public final class ImageReplay {
    private final MetadataImage base;
    private final Set<UUID> changed = new HashSet<>();
    private final Map<UUID, @Nullable TopicDraft> drafts = new LinkedHashMap<>();
    private final Map<Integer, NodeLoad> loadChanges = new HashMap<>();
    private String clusterId;
    private TreePMap<String, TopicImage> topicsByName;
    private HashPMap<UUID, TopicImage> topicsById;
    private HashPMap<String, String> collidingNames;
    private int partitionCount;
    private TreePMap<Integer, NodeImage> nodes;
    private HashPMap<Integer, NodeLoad> loads;
    private TreePMap<String, Map<String, String>> nodeConfigs;
    private TreePMap<String, Integer> features;
    private long nextProducerId;
    private long index;
    private int term;

    public ImageReplay(MetadataImage base) {
        this.base = base;
        MetadataImage.Parts parts = base.parts();
        this.clusterId = parts.clusterId();
        this.topicsByName = parts.topicsByName();
        this.topicsById = parts.topicsById();
        this.collidingNames = parts.collidingNames();
        this.partitionCount = parts.partitionCount();
        this.nodes = parts.nodes();
        this.loads = parts.loads();
        this.nodeConfigs = parts.nodeConfigs();
        this.features = parts.features();
        this.nextProducerId = parts.nextProducerId();
        this.index = base.index();
        this.term = base.term();
    }

    /** Takes the record at an index of the log. */
    public void replay(MetadataRecord metadata, long atIndex, int atTerm) {
        advance(atIndex, atTerm);
        switch (metadata) {
            case MetadataRecord.Topic record -> addTopic(record);
            case MetadataRecord.RemoveTopic record -> removeTopic(record.id());
            case MetadataRecord.Partition record -> addPartition(record.topicId(), record.partition());
            case PartitionChange record -> changePartition(record);
            case MetadataRecord.NodeRegistered record -> putNode(record.node());
            case MetadataRecord.NodeChange record ->
                putNode(node(record.id()).with(record.fenced(), record.draining(), record.decommissioning()));
            case MetadataRecord.RemoveNode record -> removeNode(record.id());
            case MetadataRecord.TopicConfig record -> {
                TopicDraft topic = draft(record.topicId());
                apply(topic.configs, record.entries());
                topic.touched(index);
            }
            case MetadataRecord.NodeConfig record -> configureNode(record.node(), record.entries());
            case ProducerIdBlock record -> giveProducerIds(record);
            case MetadataRecord.Cluster record -> {
                Invariant.check(clusterId.isEmpty(), "the cluster is already named %s", clusterId);
                clusterId = record.clusterId();
            }
            case Feature record -> setFeature(record);
        }
    }

    /** Moves on to an index without a record of ours there. */
    public void advance(long toIndex, int atTerm) {
        Invariant.check(toIndex >= index && atTerm >= term, "index %d/%d after %d/%d", toIndex, atTerm, index, term);
        index = toIndex;
        term = atTerm;
    }

    /** The image after all records so far. The replay must not be used further. */
    public MetadataImage image() {
        for (TopicDraft draft : drafts.values()) {
            if (draft != null) {
                TopicImage topic = draft.image();
                topicsByName = topicsByName.plus(topic.name(), topic);
                topicsById = topicsById.plus(topic.id(), topic);
            }
        }
        for (Map.Entry<Integer, NodeLoad> change : loadChanges.entrySet()) {
            NodeLoad load = base.load(change.getKey())
                    .plus(change.getValue().leaders(), change.getValue().replicas());
            loads = loads.plus(change.getKey(), load);
        }
        MetadataImage.Parts parts = new MetadataImage.Parts(
                clusterId,
                topicsByName,
                topicsById,
                collidingNames,
                partitionCount,
                nodes,
                loads,
                nodeConfigs,
                features,
                nextProducerId);
        return new MetadataImage(index, term, parts, base.index(), base.index() < 0 ? null : Set.copyOf(changed));
    }

    private void addTopic(MetadataRecord.Topic record) {
        Invariant.check(
                !topicsByName.containsKey(record.name()) && draftOrNull(record.id()) == null,
                "topic %s exists",
                record.name());
        long created = record.createdIndex() < 0 ? index : record.createdIndex();
        long touched = record.changedIndex() < 0 ? index : record.changedIndex();
        TopicDraft draft = new TopicDraft(record.name(), record.id(), record.internal(), created, touched);
        draft.keepIndex = record.changedIndex() >= 0;
        drafts.put(record.id(), draft);
        changed.add(record.id());
        // the name is taken at once, so that a second record with it is noticed
        topicsByName = topicsByName.plus(record.name(), draft.image());
        if (TopicNames.canCollide(record.name())) {
            String key = TopicNames.collisionKey(record.name());
            collidingNames = collidingNames.plus(key, record.name());
        }
    }

    private void removeTopic(UUID id) {
        TopicDraft topic = draft(id);
        topic.partitions.forEach(partition -> addLoad(partition, -1));
        drafts.put(id, null);
        topicsByName = topicsByName.minus(topic.name);
        topicsById = topicsById.minus(id);
        collidingNames = collidingNames.minus(TopicNames.collisionKey(topic.name));
        partitionCount -= topic.partitions.size();
    }

    private void addPartition(UUID topicId, PartitionImage partition) {
        TopicDraft topic = draft(topicId);
        Invariant.check(
                partition.partition() == topic.partitions.size(),
                "partition %d of topic %s after %d partitions",
                partition.partition(),
                topic.name,
                topic.partitions.size());
        PartitionImage shared = shareLists(partition);
        topic.partitions.add(shared);
        topic.touched(index);
        addLoad(shared, 1);
        partitionCount++;
    }

    private void changePartition(PartitionChange change) {
        TopicDraft topic = draft(change.topicId());
        Invariant.check(
                change.partition() >= 0 && change.partition() < topic.partitions.size(),
                "partition %d of topic %s",
                change.partition(),
                topic.name);
        PartitionImage old = topic.partitions.get(change.partition());
        PartitionImage next = shareLists(new PartitionImage(
                old.partition(),
                change.replicas().orElse(old.replicas()),
                change.isr().orElse(old.isr()),
                change.eligible().orElse(old.eligible()),
                change.leader().orElse(old.leader()),
                old.leaderEpoch() + (change.leader().isPresent() ? 1 : 0),
                old.partitionEpoch() + 1,
                change.adding().orElse(old.adding()),
                change.removing().orElse(old.removing())));
        topic.partitions.set(change.partition(), next);
        if (!next.replicas().equals(old.replicas())) {
            topic.touched(index);
        }
        addLoad(old, -1);
        addLoad(next, 1);
    }

    private void putNode(NodeImage node) {
        nodes = nodes.plus(node.id(), node);
    }

    private NodeImage node(int id) {
        NodeImage node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("node " + id + " is not registered");
        }
        return node;
    }

    private void removeNode(int id) {
        Invariant.check(node(id).id() == id && base.load(id).replicas() == 0, "node %d still has replicas", id);
        nodes = nodes.minus(id);
        nodeConfigs = nodeConfigs.minus(Integer.toString(id));
    }

    private void configureNode(String node, Map<String, Optional<String>> entries) {
        Map<String, String> configs = new TreeMap<>(nodeConfigs.getOrDefault(node, Map.of()));
        apply(configs, entries);
        nodeConfigs = configs.isEmpty() ? nodeConfigs.minus(node) : nodeConfigs.plus(node, Map.copyOf(configs));
    }

    private void giveProducerIds(ProducerIdBlock block) {
        Invariant.check(
                block.first() >= nextProducerId && block.next() > block.first(),
                "producer ids %d to %d after %d",
                block.first(),
                block.next(),
                nextProducerId);
        nextProducerId = block.next();
    }

    private void setFeature(Feature feature) {
        if (!feature.name().equals(Feature.METADATA) || feature.level() > Feature.METADATA_LEVEL) {
            throw new UnreadableMetadata("The cluster uses " + Quoted.of(feature.name()) + " at level "
                    + feature.level() + ", which this program does not know: upgrade.");
        }
        features = features.plus(feature.name(), feature.level());
    }

    private static void apply(Map<String, String> configs, Map<String, Optional<String>> entries) {
        entries.forEach((key, value) -> {
            if (value.isPresent()) {
                configs.put(key, value.get());
            } else {
                configs.remove(key);
            }
        });
    }

    private void addLoad(PartitionImage partition, int sign) {
        for (int node : partition.replicas()) {
            int leads = node == partition.leader() ? sign : 0;
            loadChanges.merge(node, new NodeLoad(leads, sign), (a, b) -> a.plus(b.leaders(), b.replicas()));
        }
    }

    /** Most partitions have all replicas in sync: one list then serves for both. */
    private static PartitionImage shareLists(PartitionImage partition) {
        List<Integer> isr = partition.isr().equals(partition.replicas()) ? partition.replicas() : partition.isr();
        return new PartitionImage(
                partition.partition(),
                partition.replicas(),
                isr,
                partition.eligible(),
                partition.leader(),
                partition.leaderEpoch(),
                partition.partitionEpoch(),
                partition.adding(),
                partition.removing());
    }

    private TopicDraft draft(UUID id) {
        TopicDraft draft = draftOrNull(id);
        if (draft == null) {
            throw new IllegalStateException("no topic has id " + id);
        }
        return draft;
    }

    private @Nullable TopicDraft draftOrNull(UUID id) {
        if (drafts.containsKey(id)) {
            return drafts.get(id);
        }
        TopicImage topic = topicsById.get(id);
        if (topic == null) {
            return null;
        }
        TopicDraft draft = TopicDraft.of(topic);
        drafts.put(id, draft);
        changed.add(id);
        return draft;
    }
}
