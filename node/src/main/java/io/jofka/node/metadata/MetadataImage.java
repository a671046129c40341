package io.jofka.node.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * The cluster image on persistent collections: one step to the next image copies only the paths to what changed, so that
 * ten thousand topics made one by one stay cheap. Immutable, thread-safe.
 */
public final class MetadataImage implements ClusterImage {
    /** All collections of an image; package-private, for replay. */
    record Parts(
            String clusterId,
            TreePMap<String, TopicImage> topicsByName,
            HashPMap<UUID, TopicImage> topicsById,
            HashPMap<String, String> collidingNames,
            int partitionCount,
            TreePMap<Integer, NodeImage> nodes,
            HashPMap<Integer, NodeLoad> loads,
            TreePMap<String, Map<String, String>> nodeConfigs,
            TreePMap<String, Integer> features,
            long nextProducerId) {}

    private static final MetadataImage EMPTY = new MetadataImage(
            -1,
            0,
            new Parts(
                    "",
                    TreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    0,
                    TreePMap.empty(),
                    HashTreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    0),
            -1,
            null);

    private final long index;
    private final int term;
    private final Parts parts;
    private final long previousIndex;
    private final @Nullable Set<UUID> changed;

    MetadataImage(long index, int term, Parts parts, long previousIndex, @Nullable Set<UUID> changed) {
        this.index = index;
        this.term = term;
        this.parts = parts;
        this.previousIndex = previousIndex;
        this.changed = changed;
    }

    /** The image before the first record. */
    public static MetadataImage empty() {
        return EMPTY;
    }

    Parts parts() {
        return parts;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public int term() {
        return term;
    }

    @Override
    public String clusterId() {
        return parts.clusterId();
    }

    @Override
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(parts.topicsByName().get(name));
    }

    @Override
    public Optional<TopicImage> topic(UUID id) {
        return Optional.ofNullable(parts.topicsById().get(id));
    }

    @Override
    public Collection<TopicImage> topics() {
        return parts.topicsByName().values();
    }

    @Override
    public int partitionCount() {
        return parts.partitionCount();
    }

    @Override
    public Collection<NodeImage> nodes() {
        return parts.nodes().values();
    }

    @Override
    public Optional<NodeImage> node(int id) {
        return Optional.ofNullable(parts.nodes().get(id));
    }

    @Override
    public Map<String, String> nodeConfigs(String nodeId) {
        Map<String, String> configs = parts.nodeConfigs().get(nodeId);
        return configs == null ? Map.of() : configs;
    }

    @Override
    public Optional<Set<UUID>> changedTopics(ClusterImage before) {
        return changed != null && before.index() == previousIndex ? Optional.of(changed) : Optional.empty();
    }

    /** The existing topic whose name differs from this one only in dots and underscores, or is it. */
    Optional<String> collidingName(String name) {
        return Optional.ofNullable(parts.collidingNames().get(TopicNames.collisionKey(name)));
    }

    /** First producer id that no block holds yet. */
    public long nextProducerId() {
        return parts.nextProducerId();
    }

    /** Feature levels by name, in order. */
    Map<String, Integer> features() {
        return parts.features();
    }

    /** All dynamic node configuration, by node. */
    Map<String, Map<String, String>> allNodeConfigs() {
        return parts.nodeConfigs();
    }

    NodeLoad load(int node) {
        NodeLoad load = parts.loads().get(node);
        return load == null ? NodeLoad.NONE : load;
    }

    @Override
    public String toString() {
        return "image " + index + "/" + term + " with " + parts.topicsById().size() + " topics";
    }
}
