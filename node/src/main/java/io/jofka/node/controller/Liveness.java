package io.jofka.node.controller;

import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.NodeImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes the active controller holds to be alive, from what it heard and when. Pure: time (ns, monotonic) comes in;
 * confined to one thread. It only says which fences are due; what is committed decides, so a controller that has lost its
 * leadership without knowing harms nothing.
 */
final class Liveness {
    /** The last word of a node. */
    private record Word(UUID incarnation, long appliedIndex, boolean ready, long atNanos) {}

    private final long sessionNanos;
    private final long missedNanos;
    private final Map<Integer, Word> words = new HashMap<>();
    /** Index of the image in which a node was first seen fenced: it has to know that image before it is used. */
    private final Map<Integer, Long> fencedSince = new HashMap<>();

    private long leadingSince;

    /**
     * @param sessionNanos silence after which a node is fenced
     * @param missedNanos silence after which it is worth asking whether it lives
     */
    Liveness(long sessionNanos, long missedNanos) {
        this.sessionNanos = sessionNanos;
        this.missedNanos = missedNanos;
    }

    /** Leadership begins: what was heard before counts nothing, and everybody has a whole session. */
    void lead(long nowNanos) {
        words.clear();
        fencedSince.clear();
        leadingSince = nowNanos;
    }

    void heard(int node, UUID incarnation, long appliedIndex, boolean ready, long nowNanos) {
        words.put(node, new Word(incarnation, appliedIndex, ready, nowNanos));
    }

    /** Nodes that may be used and have missed a heartbeat, or were not heard yet under this leadership. */
    List<Integer> missing(ClusterImage image, long nowNanos) {
        List<Integer> missing = new ArrayList<>();
        for (NodeImage node : image.nodes()) {
            Word word = word(node);
            if (node.broker() && !node.fenced() && (word == null || nowNanos - word.atNanos() > missedNanos)) {
                missing.add(node.id());
            }
        }
        return missing;
    }

    /** The fences, and ends of fences, that are due. */
    List<FenceNode> due(ClusterImage image, long nowNanos) {
        List<FenceNode> due = new ArrayList<>();
        for (NodeImage node : image.nodes()) {
            if (!node.broker()) {
                continue;
            }
            boolean silent = nowNanos - lastHeard(node) > sessionNanos;
            if (!node.fenced()) {
                fencedSince.remove(node.id());
                if (silent) {
                    due.add(new FenceNode(node.id(), node.incarnation(), true));
                }
            } else {
                long since = fencedSince.computeIfAbsent(node.id(), _ -> image.index());
                Word word = word(node);
                if (word != null && !silent && word.ready() && word.appliedIndex() >= since) {
                    due.add(new FenceNode(node.id(), node.incarnation(), false));
                }
            }
        }
        return due;
    }

    /** The last word of this life of the node, if there was one under this leadership. */
    private @Nullable Word word(NodeImage node) {
        Word word = words.get(node.id());
        return word != null && word.incarnation().equals(node.incarnation()) ? word : null;
    }

    private long lastHeard(NodeImage node) {
        Word word = word(node);
        return word == null ? leadingSince : word.atNanos();
    }
}
