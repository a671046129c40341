package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.sim.LocalNet;
import io.jofka.node.sim.SimulatedDisk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three brokers that replicate to each other over a network in memory; the test is their controller. */
final class ReplicationTest {
    private static final List<Integer> NODES = List.of(1, 2, 3);
    private static final UUID TOPIC = new UUID(7, 7);
    private static final TopicPartition P = new TopicPartition(TOPIC, 0);

    private final LocalNet net = new LocalNet();
    private final TestImages images = new TestImages();
    private final Map<Integer, SimulatedDisk> disks = new HashMap<>();
    private final Map<Integer, BrokerKit> kits = new HashMap<>();
    private final List<List<Integer>> proposed = new CopyOnWriteArrayList<>();
    private Map<String, String> configs = Map.of();

    private void start() {
        for (int node : NODES) {
            SimulatedDisk disk = disks.computeIfAbsent(node, n -> new SimulatedDisk());
            kits.put(
                    node,
                    new BrokerKit(
                            node,
                            disk,
                            images,
                            BrokerConfig.defaults(),
                            net.of(node),
                            (partition, leaderEpoch, partitionEpoch, isr, refusal) -> proposed.add(isr)));
        }
    }

    @AfterEach
    void close() {
        kits.values().forEach(kit -> assertThat(kit.bugs, empty()));
        kits.values().forEach(BrokerKit::close);
    }

    private BrokerKit kit(int node) {
        return Objects.requireNonNull(kits.get(node));
    }

    private void assign(int leader, int epoch, List<Integer> isr) {
        images.put("t", TOPIC, new PartitionImage(0, NODES, isr, List.of(), leader, epoch, epoch), configs);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat("in time: " + what, System.nanoTime() < deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private long end(int node) {
        return kit(node)
                .broker
                .replicas()
                .replica(P)
                .map(r -> r.offsets().logEndOffset())
                .orElse(-1L);
    }

    private void awaitLeads(int node) {
        await("node " + node + " leads", () -> kit(node).produce(P, "probe") instanceof ProduceOutcome.Appended);
    }

    private ProduceOutcome produce(int node, String... values) {
        return kit(node).produce(P, values);
    }

    @Test
    void acknowledgedByAllIsOnAllAndANewLeaderGoesOn() {
        leadersFollowEachOther();
    }

    private void leadersFollowEachOther() {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        assertThat(produce(1, "a", "b"), instanceOf(ProduceOutcome.Appended.class));
        for (int node : NODES) {
            assertThat("acknowledged means on every in-sync replica", end(node), is(3L));
        }
        assign(2, 2, NODES);
        awaitLeads(2);
        produce(2, "c");
        assertThat(kit(2).values(P, 0), contains("probe", "a", "b", "probe", "c"));
        await("the former leader follows", () -> end(1) == 5);
        assertThat(((ProduceOutcome.Refused) produce(1, "x")).fault(), is(Fault.NOT_LEADER));
        assign(3, 3, NODES);
        awaitLeads(3);
        assertThat(kit(3).values(P, 0), contains("probe", "a", "b", "probe", "c", "probe"));
    }

    @Test
    void pageCacheAcknowledgementsReplicateToo() {
        configs = Map.of("durability", "replicated");
        leadersFollowEachOther();
    }

    @Test
    void withoutAFollowerNothingIsAcknowledgedUntilItLeavesTheSet() throws Exception {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        net.isolate(3);
        CompletableFuture<ProduceOutcome> waiting = kit(1).send(P, Batches.of(kit(1).now(), "a"), Acks.ALL);
        await("the other follower has it", () -> end(2) == 2);
        assertThat(waiting.isDone(), is(false));
        images.put("t", TOPIC, new PartitionImage(0, NODES, List.of(1, 2), List.of(), 1, 1, 2), configs);
        assertThat(waiting.get(20, TimeUnit.SECONDS), instanceOf(ProduceOutcome.Appended.class));
        net.heal();
        await("the leader asks for the follower again", () -> proposed.contains(NODES));
    }

    @Test
    void tailOfADeposedLeaderIsCutAndItsWritersAreTold() throws Exception {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        produce(1, "kept");
        net.isolate(1);
        CompletableFuture<ProduceOutcome> lost = kit(1).send(P, Batches.of(kit(1).now(), "lost 1", "lost 2"), Acks.ALL);
        assertThat(
                kit(1).send(P, Batches.of(kit(1).now(), "lost 3"), Acks.LEADER).get(20, TimeUnit.SECONDS),
                instanceOf(ProduceOutcome.Appended.class));
        assign(2, 2, List.of(2, 3));
        awaitLeads(2);
        produce(2, "new");
        assertThat("isolated, it cannot know", lost.isDone(), is(false));
        net.heal();
        assertThat(
                "what is cut is known to be gone",
                lost.get(20, TimeUnit.SECONDS),
                instanceOf(ProduceOutcome.Refused.class));
        await("it follows", () -> end(1) == 4);
        await("the leader asks for it", () -> proposed.contains(NODES));
        assign(1, 3, NODES);
        awaitLeads(1);
        assertThat(kit(1).values(P, 0), contains("probe", "kept", "probe", "new", "probe"));
    }

    @Test
    void whoWaitsWhenTheLeadMovesIsAcknowledgedByTheNextLeader() throws Exception {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        net.isolate(3);
        CompletableFuture<ProduceOutcome> waiting = kit(1).send(P, Batches.of(kit(1).now(), "a"), Acks.ALL);
        await("the next leader has it", () -> end(2) == 2);
        assign(2, 2, List.of(1, 2));
        ProduceOutcome.Appended appended = (ProduceOutcome.Appended) waiting.get(20, TimeUnit.SECONDS);
        assertThat(appended.baseOffset(), is(1L));
        net.heal();
        assertThat(kit(2).values(P, 0), contains("probe", "a"));
    }

    @Test
    void followerBelowTheLeadersStartBeginsThere() {
        start();
        net.isolate(3);
        assign(1, 1, List.of(1, 2));
        awaitLeads(1);
        produce(1, "a", "b", "c");
        kit(1).broker.offsets().deleteRecords(P, 3).join();
        net.heal();
        await("the follower has the rest", () -> end(3) == 4);
        assign(3, 2, NODES);
        awaitLeads(3);
        assertThat("whole batches are read", kit(3).values(P, 3), contains("a", "b", "c", "probe"));
    }

    @Test
    void retriesAreRecognisedByTheNextLeader() {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        kit(1).produce(P, Batches.producer(9, 0, 0, kit(1).now(), "a"));
        assign(2, 2, NODES);
        awaitLeads(2);
        ProduceOutcome again = kit(2).produce(P, Batches.producer(9, 0, 0, kit(2).now(), "a"));
        assertThat(((ProduceOutcome.Appended) again).duplicate(), is(true));
        assertThat(
                kit(2).produce(P, Batches.producer(9, 0, 1, kit(2).now(), "b")),
                instanceOf(ProduceOutcome.Appended.class));
        assertThat(kit(2).values(P, 0), contains("probe", "a", "probe", "b"));
    }

    @Test
    void removedTopicIsRemovedFromFollowers() {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        images.remove("t");
        for (int node : NODES) {
            await(
                    "gone on " + node,
                    () -> kit(node).broker.replicas().replicas().isEmpty());
        }
    }

    @Test
    void garbageFromAPeerIsRefused() throws Exception {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        Net stranger = net.of(9);
        for (byte[] bad : new byte[][] {{1, 2, 3}, {}, new byte[1000], {(byte) 0x80}}) {
            Throwable failure = null;
            try {
                stranger.call(1, Net.Call.REPLICA, bad, 5_000).get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                failure = e.getCause();
            }
            assertThat(failure, instanceOf(Net.Rejected.class));
        }
        assertThat(produce(1, "a"), instanceOf(ProduceOutcome.Appended.class));
    }

    private static boolean isStored(BrokerKit kit) {
        return kit.broker.replicas().replica(P).isPresent();
    }

    private static java.util.Set<TopicPartition> stored(BrokerKit kit) {
        return new DirectoryStore(kit.directory).stored();
    }

    @Test
    void aReplicaThatIsMovedHereIsFetchedNoFasterThanTheLimit() {
        images.configure(Map.of("follower.replication.throttled.rate", "1"));
        start();
        net.isolate(3);
        arriving(1, 1);
        awaitLeads(1);
        // from here on it is behind: it is not proposed before it has paid back
        net.heal();
        await("one fetch is made on credit", () -> end(3) > 0);
        long onCredit = end(3);
        for (int i = 0; i < 20; i++) {
            assertThat(produce(1, "more " + i), instanceOf(ProduceOutcome.Appended.class));
        }
        assertThat("who is in sync is not limited", end(2), is(end(1)));
        assertThat("the debt takes minutes", end(3), is(onCredit));
        images.configure(Map.of());
        await("no limit any more", () -> end(3) == end(1));
    }

    /** Nodes 1 and 2 are in sync, 3 is on its way. */
    private void arriving(int leader, int epoch) {
        images.put(
                "t",
                TOPIC,
                new PartitionImage(0, NODES, List.of(1, 2), List.of(), leader, epoch, epoch, List.of(3), List.of()),
                configs);
    }

    @Test
    void aLeaderThatIsMovedAwayLeavesNoFiles() {
        start();
        assign(1, 1, NODES);
        awaitLeads(1);
        images.put("t", TOPIC, new PartitionImage(0, List.of(2, 3), List.of(2, 3), List.of(), 2, 2, 2), configs);
        awaitLeads(2);
        await("the old leader has closed it", () -> !isStored(kit(1)));
        await("its files are gone", () -> stored(kit(1)).isEmpty());
        assertThat(stored(kit(2)), is(java.util.Set.of(P)));
    }
}
