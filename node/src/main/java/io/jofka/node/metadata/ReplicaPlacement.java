package io.jofka.node.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Places the replicas of new partitions, spread by load and rack. The first replica, which leads, goes to the node with
 * the fewest leaders; each further one to a rack that has none of this partition yet, there to the node with the fewest
 * replicas. Ties go round the ring of nodes from the partition's number, so that the same two nodes do not always share
 * partitions. The same image and the same question give the same answer. Confined to one decision.
 */
final class ReplicaPlacement {
    private final List<NodeImage> nodes;
    private final Map<Integer, NodeLoad> loads = new HashMap<>();

    /** Counts what the image holds; call {@link #add} for partitions that are decided but not in it. */
    ReplicaPlacement(MetadataImage image) {
        nodes = image.nodes().stream().filter(NodeImage::isUsable).toList();
        nodes.forEach(node -> loads.put(node.id(), image.load(node.id())));
    }

    int usableNodes() {
        return nodes.size();
    }

    /** Node ids in order of preference. {@code replicas} is at most {@link #usableNodes}. */
    List<Integer> place(int partition, int replicas) {
        List<Integer> chosen = new ArrayList<>(replicas);
        Set<String> racks = new HashSet<>();
        while (chosen.size() < replicas) {
            boolean first = chosen.isEmpty();
            NodeImage next = nodes.stream()
                    .filter(node -> !chosen.contains(node.id()))
                    .min(Comparator.<NodeImage>comparingInt(node -> usedRack(racks, node))
                            .thenComparingInt(node -> first ? load(node).leaders() : 0)
                            .thenComparingInt(node -> load(node).replicas())
                            .thenComparingInt(node -> Math.floorMod(nodes.indexOf(node) - partition, nodes.size())))
                    .orElseThrow();
            chosen.add(next.id());
            racks.add(next.rack());
        }
        add(chosen);
        return List.copyOf(chosen);
    }

    /** Counts a partition that has been decided. */
    void add(List<Integer> replicas) {
        for (int i = 0; i < replicas.size(); i++) {
            int leads = i == 0 ? 1 : 0;
            loads.computeIfPresent(replicas.get(i), (_, load) -> load.plus(leads, 1));
        }
    }

    private static int usedRack(Set<String> racks, NodeImage node) {
        return !node.rack().isEmpty() && racks.contains(node.rack()) ? 1 : 0;
    }

    private NodeLoad load(NodeImage node) {
        return loads.getOrDefault(node.id(), NodeLoad.NONE);
    }
}
