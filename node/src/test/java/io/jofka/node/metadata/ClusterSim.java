package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Random lives of five nodes and what they do to partitions: rules that hold after every command, a thousand times. */
final class ClusterSim {
    private static final int SEEDS = Integer.getInteger("seeds", 1_000);
    private static final int STEPS = 60;

    @Test
    void leadersAreLivingMembersOfTheInSyncSetWhateverHappens() {
        long first = Long.getLong("seed", System.nanoTime());
        int seeds = System.getProperty("seed") == null ? SEEDS : 1;
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                run(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("failed with -Dseed=" + seed, e);
            }
        }
    }

    private static void run(Random random) {
        MachineFixture kit = new MachineFixture().nodes(5, "a", "a", "b", "b", "c");
        kit.create(kit.topic("plain", 4, 3));
        kit.create(new MetadataCommand.NewTopic(
                "strict", kit.freshId(), 4, 3, Map.of(), Map.of("min.insync.replicas", "2")));
        for (int step = 0; step < STEPS; step++) {
            MetadataImage before = kit.image;
            int from = kit.log.size();
            kit.run(command(kit, random));
            check(before, kit.image, kit.log.subList(from, kit.log.size()));
        }
        MetadataImage again = ImageRecords.image(
                ImageRecords.of(kit.image).stream()
                        .map(RecordCodec::bytes)
                        .map(RecordCodec::record)
                        .toList(),
                kit.image.index(),
                kit.image.term());
        assertThat(ImageRecords.of(again), is(ImageRecords.of(kit.image)));
    }

    private static MetadataCommand<?> command(MachineFixture kit, Random random) {
        int node = 1 + random.nextInt(5);
        NodeImage known = kit.image.node(node).orElseThrow();
        List<TopicImage> topics = List.copyOf(kit.image.topics());
        TopicImage topic = topics.get(random.nextInt(topics.size()));
        PartitionImage partition =
                topic.partitions().get(random.nextInt(topic.partitions().size()));
        PartitionKey key = new PartitionKey(topic.id(), partition.partition());
        return switch (random.nextInt(10)) {
            case 0, 1 -> new FenceNode(node, known.incarnation(), true);
            case 2, 3 -> new FenceNode(node, known.incarnation(), false);
            case 4 -> new DrainNode(node, random.nextBoolean());
            case 5 ->
                new RegisterNode(new NodeImage(
                        node,
                        new UUID(3, random.nextLong()),
                        true,
                        true,
                        true,
                        known.rack(),
                        known.endpoints(),
                        List.of(new UUID(4, node * 100L + (random.nextInt(20) == 0 ? random.nextInt(50) : 0)))));
            case 6 -> new ElectLeaders(ElectLeaders.Election.PREFERRED, List.of(key));
            case 7 -> {
                List<Integer> target = some(List.of(1, 2, 3, 4, 5), random);
                yield new MoveReplicas(
                        List.of(new Move(key, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(target))));
            }
            default -> {
                int leader = Math.max(1, partition.leader());
                List<Integer> isr = new ArrayList<>(some(partition.replicas(), random));
                if (!isr.contains(leader) && partition.replicas().contains(leader)) {
                    isr.add(leader);
                }
                yield new AlterIsr(
                        leader,
                        kit.image.node(leader).orElseThrow().incarnation(),
                        List.of(new IsrChange(
                                topic.id(),
                                partition.partition(),
                                partition.leaderEpoch(),
                                partition.partitionEpoch(),
                                isr)));
            }
        };
    }

    private static List<Integer> some(List<Integer> of, Random random) {
        List<Integer> chosen = new ArrayList<>(of);
        java.util.Collections.shuffle(chosen, random);
        return List.copyOf(chosen.subList(0, 1 + random.nextInt(chosen.size())));
    }

    private static void check(MetadataImage before, MetadataImage after, List<MetadataRecord> records) {
        for (TopicImage topic : after.topics()) {
            for (PartitionImage p : topic.partitions()) {
                PartitionImage old =
                        before.topic(topic.id()).orElseThrow().partitions().get(p.partition());
                String what = topic.name() + " " + old + " -> " + p + " by " + records;
                assertThat(what, p.replicas().containsAll(p.isr()), is(true));
                assertThat(
                        what,
                        new HashSet<>(p.replicas()).size(),
                        is(p.replicas().size()));
                assertThat(what, p.replicas().containsAll(p.eligible()), is(true));
                assertThat(what, p.isr().stream().noneMatch(p.eligible()::contains), is(true));
                assertThat(what, p.replicas().containsAll(p.adding()), is(true));
                assertThat(what, p.replicas().containsAll(p.removing()), is(true));
                assertThat(what, p.leader() < 0 || p.isr().contains(p.leader()), is(true));
                assertThat(what, p.leader() == old.leader() || p.leaderEpoch() > old.leaderEpoch(), is(true));
                assertThat(what, p.equals(old) || p.partitionEpoch() == old.partitionEpoch() + 1, is(true));
                assertThat(
                        what,
                        !p.isr().isEmpty()
                                || records.toString().contains("NodeRegistered")
                                || old.isr().isEmpty(),
                        is(true));
                boolean alone = p.isr().size() == 1;
                assertThat(what, p.leader() < 0 || alone || lives(after, p.leader()), is(true));
                boolean fromKnown = p.isr().stream().anyMatch(old.isr()::contains)
                        || old.eligible().contains(p.leader())
                        || p.isr().isEmpty()
                        // a leader's word may end a move, which drops all who were in sync before
                        || (old.isMoving() && !p.isMoving());
                assertThat("in-sync set made from nowhere: " + what, fromKnown, is(true));
            }
        }
    }

    private static boolean lives(MetadataImage image, int node) {
        return image.node(node).filter(n -> !n.fenced()).isPresent();
    }
}
