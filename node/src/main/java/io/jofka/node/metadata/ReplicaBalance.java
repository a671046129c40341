package io.jofka.node.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Plans moves of replicas: so that every usable node holds and leads about as much as any other, or so that a node holds
 * nothing. Greedy: each step moves one replica from the fullest node that it can leave to the emptiest that may take it;
 * at the end orders of preference are changed, which moves no data. A partition never has fewer racks than before, and one
 * that is moving already is left alone. The same image gives the same plan. Pure; confined to one plan.
 */
public final class ReplicaBalance {
    /** Where the replicas of a partition shall be. */
    public record Step(String topic, int partition, List<Integer> replicas) {}

    /** Moves that empty a node, and partitions for which there is no other node; the first of them by name. */
    public record Leaving(List<Step> steps, int stuck, Optional<String> firstStuck) {}

    private record Key(String topic, int partition) {}

    private final Map<Integer, NodeImage> usable = new HashMap<>();
    private final List<Integer> order;
    private final Map<Integer, Integer> replicas = new HashMap<>();
    private final Map<Integer, Integer> preferred = new HashMap<>();
    private final Map<Integer, Set<Key>> held = new HashMap<>();
    private final Map<Key, List<Integer>> now = new HashMap<>();
    private final Set<Key> changed = new LinkedHashSet<>();

    private ReplicaBalance(ClusterImage image, Predicate<TopicImage> wanted) {
        image.nodes().stream().filter(NodeImage::isUsable).forEach(node -> usable.put(node.id(), node));
        order = usable.keySet().stream().sorted().toList();
        for (TopicImage topic : image.topics()) {
            boolean may = wanted.test(topic);
            for (PartitionImage partition : topic.partitions()) {
                List<Integer> target = PartitionDraft.without(partition.replicas(), partition.removing());
                count(target, 1);
                if (may && !partition.isMoving()) {
                    Key key = new Key(topic.name(), partition.partition());
                    now.put(key, target);
                    target.forEach(node -> held.computeIfAbsent(node, _ -> new LinkedHashSet<>())
                            .add(key));
                }
            }
        }
    }

    private void count(List<Integer> nodes, int sign) {
        for (int i = 0; i < nodes.size(); i++) {
            replicas.merge(nodes.get(i), sign, Integer::sum);
            if (i == 0) {
                preferred.merge(nodes.get(i), sign, Integer::sum);
            }
        }
    }

    private int replicas(int node) {
        return replicas.getOrDefault(node, 0);
    }

    private int preferred(int node) {
        return preferred.getOrDefault(node, 0);
    }

    private List<Integer> at(Key key) {
        return now.getOrDefault(key, List.of());
    }

    private void change(Key key, List<Integer> next) {
        List<Integer> before = at(key);
        count(before, -1);
        count(next, 1);
        before.forEach(node -> held.getOrDefault(node, new HashSet<>()).remove(key));
        next.forEach(
                node -> held.computeIfAbsent(node, _ -> new LinkedHashSet<>()).add(key));
        now.put(key, List.copyOf(next));
        changed.add(key);
    }

    private List<Step> steps() {
        return changed.stream()
                .map(key -> new Step(key.topic(), key.partition(), at(key)))
                .toList();
    }

    /** At most {@code max} partitions are changed, of the topics that are wanted; the load of all counts. */
    public static List<Step> plan(ClusterImage image, Predicate<TopicImage> wanted, int max) {
        ReplicaBalance plan = new ReplicaBalance(image, wanted);
        while (plan.changed.size() < max && plan.spreadReplicas()) {
            // one replica a round
        }
        while (plan.changed.size() < max && plan.spreadLeaders()) {
            // one leader a round
        }
        return plan.steps();
    }

    private boolean spreadReplicas() {
        List<Integer> byLoad = order.stream()
                .sorted(Comparator.comparingInt(this::replicas).thenComparingInt(id -> id))
                .toList();
        for (int full : byLoad.reversed()) {
            for (int empty : byLoad) {
                if (replicas(full) - replicas(empty) < 2) {
                    break;
                }
                Optional<Key> key = leaving(full, empty);
                if (key.isPresent()) {
                    change(key.get(), replaced(at(key.get()), full, empty));
                    return true;
                }
            }
        }
        return false;
    }

    /** A partition whose replica may go from one to the other; one that it leads first, where it leads more. */
    private Optional<Key> leaving(int full, int empty) {
        boolean leadsMore = preferred(full) > preferred(empty);
        Optional<Key> other = Optional.empty();
        for (Key key : held.getOrDefault(full, Set.of())) {
            List<Integer> nodes = at(key);
            if (!nodes.contains(empty) && racks(replaced(nodes, full, empty)) >= racks(nodes)) {
                if ((nodes.getFirst() == full) == leadsMore) {
                    return Optional.of(key);
                }
                other = other.or(() -> Optional.of(key));
            }
        }
        return other;
    }

    private static List<Integer> replaced(List<Integer> nodes, int from, int to) {
        return nodes.stream().map(node -> node == from ? to : node).toList();
    }

    private int racks(List<Integer> nodes) {
        Set<String> racks = new HashSet<>();
        for (int node : nodes) {
            NodeImage known = usable.get(node);
            racks.add(known == null || known.rack().isEmpty() ? "node " + node : "rack " + known.rack());
        }
        return racks.size();
    }

    private boolean spreadLeaders() {
        List<Integer> byLeaders = order.stream()
                .sorted(Comparator.comparingInt(this::preferred).thenComparingInt(id -> id))
                .toList();
        for (int much : byLeaders.reversed()) {
            for (int little : byLeaders) {
                if (preferred(much) - preferred(little) < 2) {
                    break;
                }
                for (Key key : held.getOrDefault(much, Set.of())) {
                    List<Integer> nodes = at(key);
                    if (nodes.getFirst() == much && nodes.contains(little)) {
                        List<Integer> next = new ArrayList<>(nodes);
                        next.set(nodes.indexOf(little), much);
                        next.set(0, little);
                        change(key, next);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Empties a node, at most {@code max} partitions in this plan. */
    public static Leaving leave(ClusterImage image, int node, int max) {
        ReplicaBalance plan = new ReplicaBalance(image, topic -> true);
        int stuck = 0;
        Optional<String> first = Optional.empty();
        for (Key key : plan.held(image, node)) {
            Optional<Integer> next = plan.substitute(plan.at(key), node);
            if (next.isEmpty()) {
                stuck++;
                first = first.or(() -> Optional.of(key.topic() + "-" + key.partition()));
            } else if (plan.changed.size() < max) {
                plan.change(key, replaced(plan.at(key), node, next.get()));
            }
        }
        return new Leaving(plan.steps(), stuck, first);
    }

    private List<Key> held(ClusterImage image, int node) {
        List<Key> keys = new ArrayList<>();
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                Key key = new Key(topic.name(), partition.partition());
                if (at(key).contains(node)) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /** Another rack first, then the emptiest. */
    private Optional<Integer> substitute(List<Integer> nodes, int leaving) {
        return order.stream()
                .filter(node -> node != leaving && !nodes.contains(node))
                .min(Comparator.<Integer>comparingInt(node -> -racks(replaced(nodes, leaving, node)))
                        .thenComparingInt(this::replicas)
                        .thenComparingInt(node -> node));
    }
}
