package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.Decision;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.ImageReplay;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataLimits;
import io.jofka.node.metadata.MetadataMachine;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Time, network and controller of one simulated cluster, and what its clients were told. One thread. */
final class ReplicaWorld {
    static final long MS = 1_000_000L;
    static final UUID TOPIC = new UUID(5, 5);
    private static final long SESSION = 300 * MS;

    /** What is broken on purpose, to see that the simulation finds it. */
    enum Planted {
        NOTHING,
        TRUNCATION_BY_HIGH_WATERMARK,
        ACKNOWLEDGED_BEFORE_REPLICATION
    }

    /** Rare paths that the seeds must meet. */
    enum Mark {
        LEADER_CHANGED,
        LEADERLESS,
        ISR_SHRUNK,
        ISR_GROWN,
        ISR_REFUSED,
        ISR_UNKNOWN,
        FOLLOWER_CUT,
        ELECTED_FROM_ELIGIBLE,
        STALE_LEADER_REFUSED,
        DUPLICATE_ANSWERED,
        HANDED_OVER_ACKNOWLEDGED
    }

    private record Event(long at, long order, Runnable run) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    final SplittableRandom random;
    final Planted planted;
    final Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
    final Map<Integer, ReplicaNode> nodes = new TreeMap<>();
    final boolean forced;
    private final Set<Long> cut = new HashSet<>();
    private final MetadataMachine machine =
            new MetadataMachine(MetadataLimits.defaults(), new EffectiveConfigs(1, Map.of()));
    private final Map<Integer, Long> heard = new TreeMap<>();
    private final Map<Long, Integer> leaders = new TreeMap<>();
    /** One value for each offset, by partition: what was acknowledged by all or read. */
    final List<TreeMap<Long, String>> truth = new ArrayList<>();

    final long[] acked;
    MetadataImage image = MetadataImage.empty();
    long now;
    int lossPerMille;
    private long order;

    ReplicaWorld(long seed, Planted planted) {
        random = new SplittableRandom(seed);
        this.planted = planted;
        forced = random.nextInt(3) > 0;
        lossPerMille = random.nextInt(4) == 0 ? 0 : random.nextInt(60);
        int count = 3 + random.nextInt(3);
        int replicas = 2 + random.nextInt(2);
        int partitions = 1 + random.nextInt(2);
        int minIsr = 1 + random.nextInt(2);
        acked = new long[partitions];
        decide(new MetadataCommand.NameCluster("sim"));
        Map<Integer, List<Integer>> assignment = new TreeMap<>();
        for (int id = 1; id <= count; id++) {
            ReplicaNode node = new ReplicaNode(this, id);
            nodes.put(id, node);
            decide(new RegisterNode(node.registration()));
            decide(new FenceNode(id, node.incarnation, false));
            heard.put(id, 0L);
        }
        for (int p = 0; p < partitions; p++) {
            List<Integer> on = new ArrayList<>();
            for (int r = 0; r < replicas; r++) {
                on.add(1 + (p + r) % count);
            }
            assignment.put(p, on);
            truth.add(new TreeMap<>());
        }
        Map<String, String> configs =
                Map.of("min.insync.replicas", Integer.toString(minIsr), "durability", forced ? "forced" : "replicated");
        decide(new CreateTopics(List.of(new NewTopic("t", TOPIC, -1, -1, assignment, configs))));
        nodes.values().forEach(ReplicaNode::open);
        watch();
    }

    // ---------------------------------------------------------------- time and network

    void after(long nanos, Runnable run) {
        queue.add(new Event(now + nanos, order++, run));
    }

    void runUntil(long end) {
        Event next = queue.peek();
        while (next != null && next.at <= end) {
            queue.remove();
            now = next.at;
            next.run.run();
            check();
            next = queue.peek();
        }
        now = end;
    }

    void cut(int from, int to) {
        cut.add(from * 100L + to);
    }

    void healLinks() {
        cut.clear();
    }

    /** Node 0 is the controller; clients have numbers from 50 on. What is sent may be lost or late, and come out of order. */
    void send(int from, int to, Runnable delivery) {
        if (random.nextInt(1_000) < lossPerMille) {
            return;
        }
        long delay = random.nextInt(20) == 0 ? random.nextLong(150 * MS) : random.nextLong(3 * MS);
        after(delay, () -> {
            ReplicaNode node = nodes.get(to);
            if (cut.contains(from * 100L + to)) {
                return;
            }
            if (node == null) {
                delivery.run();
            } else {
                node.deliver(delivery);
            }
        });
    }

    // ---------------------------------------------------------------- controller

    <A> A decide(MetadataCommand<A> command) {
        Decision<A> decision = machine.decide(image, command);
        if (!decision.records().isEmpty()) {
            MetadataImage before = image;
            ImageReplay replay = new ImageReplay(image);
            long index = image.index();
            for (MetadataRecord record : decision.records()) {
                replay.replay(record, ++index, 1);
            }
            image = replay.image();
            observe(before, image);
            nodes.values().forEach(this::tell);
        }
        return decision.answer();
    }

    void tell(ReplicaNode node) {
        MetadataImage next = image;
        send(0, node.id, () -> node.learn(next));
    }

    private void observe(MetadataImage before, MetadataImage after) {
        for (int p = 0; p < acked.length && before.topic(TOPIC).isPresent(); p++) {
            PartitionImage old = partition(before, p);
            PartitionImage is = partition(after, p);
            require(is.leaderEpoch() >= old.leaderEpoch(), "leader epoch fell: " + old + " -> " + is);
            require(is.partitionEpoch() >= old.partitionEpoch(), "partition epoch fell: " + old + " -> " + is);
            if (is.leader() != old.leader()) {
                mark(is.leader() < 0 ? Mark.LEADERLESS : Mark.LEADER_CHANGED);
                if (old.eligible().contains(is.leader())) {
                    mark(Mark.ELECTED_FROM_ELIGIBLE);
                }
            }
            if (is.isr().size() != old.isr().size()) {
                mark(is.isr().size() < old.isr().size() ? Mark.ISR_SHRUNK : Mark.ISR_GROWN);
            }
        }
    }

    static PartitionImage partition(MetadataImage image, int partition) {
        return image.topic(TOPIC).orElseThrow().partitions().get(partition);
    }

    void heartbeat(int id, UUID incarnation, long applied) {
        NodeImage known = image.node(id).orElseThrow();
        if (known.incarnation().equals(incarnation)) {
            heard.put(id, now);
            if (known.fenced() && applied >= image.index()) {
                decide(new FenceNode(id, incarnation, false));
            }
        }
    }

    private void watch() {
        for (NodeImage node : List.copyOf(image.nodes())) {
            if (!node.fenced() && now - heard.getOrDefault(node.id(), 0L) > SESSION) {
                decide(new FenceNode(node.id(), node.incarnation(), true));
            }
        }
        after(20 * MS, this::watch);
    }

    // ---------------------------------------------------------------- what must hold

    void mark(Mark mark) {
        marks.merge(mark, 1, Integer::sum);
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** An acknowledgement by all, or a read. */
    void told(int partition, long offset, String value, boolean acknowledged) {
        String before = truth.get(partition).putIfAbsent(offset, value);
        require(
                before == null || before.equals(value),
                "A7 partition " + partition + " has two values at " + offset + ": " + before + " and " + value);
        if (acknowledged) {
            acked[partition] = Math.max(acked[partition], offset + 1);
        }
    }

    private void check() {
        for (ReplicaNode node : nodes.values()) {
            for (int p = 0; p < acked.length; p++) {
                PartitionOffsets serving = node.serving(p);
                if (serving != null) {
                    Integer before = leaders.putIfAbsent(p * 1_000_000L + serving.leaderEpoch(), node.id);
                    require(before == null || before == node.id, "A6 two leaders of epoch " + serving.leaderEpoch());
                    node.notBelow(p, serving.leaderEpoch(), serving.highWatermark());
                }
            }
        }
        for (int p = 0; p < acked.length; p++) {
            PartitionImage is = partition(image, p);
            List<Integer> mayLead = new ArrayList<>(is.isr());
            mayLead.addAll(is.eligible());
            for (int id : mayLead) {
                ReplicaNode node = nodes.get(id);
                long end = node == null ? -1 : node.end(p);
                require(
                        end < 0 || end >= acked[p],
                        "A1 node " + id + " may lead partition " + p + " and ends at " + end + ", acknowledged is "
                                + acked[p] + ": " + is);
            }
        }
    }

    /** Whether all replicas are in sync and equal in length, and all is committed. */
    boolean isSettled() {
        for (int p = 0; p < acked.length; p++) {
            PartitionImage is = partition(image, p);
            ReplicaNode leader = nodes.get(is.leader());
            PartitionOffsets at = leader == null ? null : leader.serving(p);
            if (at == null || is.isr().size() != is.replicas().size() || at.highWatermark() != at.logEndOffset()) {
                return false;
            }
            for (int id : is.replicas()) {
                ReplicaNode node = nodes.get(id);
                if (node == null || node.end(p) != at.logEndOffset()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** At the end: replicas are equal, all that was told is there, and no value is there twice. */
    void verifyLogs(Consumer<Integer> values) {
        for (int p = 0; p < acked.length; p++) {
            Map<Long, String> first = Map.of();
            for (int id : partition(image, p).replicas()) {
                ReplicaNode node = nodes.get(id);
                Map<Long, String> found = node == null ? Map.of() : node.all(p);
                require(first.isEmpty() || first.equals(found), "A5 replicas of partition " + p + " differ");
                first = found;
            }
            for (Map.Entry<Long, String> one : truth.get(p).entrySet()) {
                require(one.getValue().equals(first.get(one.getKey())), "A1/A12 lost from partition " + p + ": " + one);
            }
            require(new HashSet<>(first.values()).size() == first.size(), "A9 a value is twice in partition " + p);
            inOrder(first);
            values.accept(first.size());
        }
    }

    private static void inOrder(Map<Long, String> log) {
        Map<String, Integer> last = new TreeMap<>();
        for (String value : log.values()) {
            int dash = value.indexOf('-');
            int number = Integer.parseInt(value.substring(dash + 1));
            Integer before = last.put(value.substring(0, dash), number);
            require(before == null || before < number, "A14 order turned round at " + value);
        }
    }

    TopicPartition topicPartition(int partition) {
        return new TopicPartition(TOPIC, partition);
    }
}
