package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedDisk.Operation;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class BrokerTest {
    private final TestImages images = new TestImages();
    private final SimulatedDisk disk = new SimulatedDisk();

    private TopicPartition topic(String name, Map<String, String> configs) {
        return new TopicPartition(images.create(name, 1, configs), 0);
    }

    private static Fault refusal(ProduceOutcome outcome) {
        return ((ProduceOutcome.Refused) outcome).fault();
    }

    private static ProduceOutcome.Appended appended(ProduceOutcome outcome) {
        return (ProduceOutcome.Appended) outcome;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat("in time", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsProducedIsReadBackAndLivesThroughARestart() {
        TopicPartition t = topic("t", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(appended(kit.produce(t, "a", "b")).lastOffset(), is(1L));
            assertThat(appended(kit.produce(t, "c")).baseOffset(), is(2L));
            assertThat(kit.values(t, 0), contains("a", "b", "c"));
        }
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(kit.values(t, 2), contains("c"));
            assertThat(appended(kit.produce(t, "d")).baseOffset(), is(3L));
            assertThat(kit.bugs, empty());
        }
    }

    @Test
    void acknowledgedSurvivesAPowerCutAndRetriesAreRecognisedAfterIt() {
        TopicPartition t = topic("t", Map.of());
        BrokerKit before = new BrokerKit(disk, images);
        before.produce(t, Batches.producer(9, 0, 0, before.now(), "a"));
        before.produce(t, Batches.producer(9, 0, 1, before.now(), "b"));
        before.crash(3);
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(kit.values(t, 0), contains("a", "b"));
            ProduceOutcome retry = kit.produce(t, Batches.producer(9, 0, 1, kit.now(), "b"));
            assertThat(retry, equalTo(new ProduceOutcome.Appended(1, 1, -1, 0, true)));
            assertThat(
                    appended(kit.produce(t, Batches.producer(9, 0, 2, kit.now(), "c")))
                            .baseOffset(),
                    is(2L));
        }
    }

    @Test
    void unknownPartitionsAndOtherLeadersAreTold() {
        UUID other = images.put("other", new UUID(1, 1), 1, 2, 1, Map.of());
        UUID none = images.put("none", new UUID(1, 2), 1, -1, 1, Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(
                    refusal(kit.produce(new TopicPartition(new UUID(5, 5), 0), "a")),
                    is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
            assertThat(refusal(kit.produce(new TopicPartition(other, 1), "a")), is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
            assertThat(refusal(kit.produce(new TopicPartition(other, 0), "a")), is(Fault.NOT_LEADER));
            assertThat(refusal(kit.produce(new TopicPartition(none, 0), "a")), is(Fault.LEADER_NOT_AVAILABLE));
        }
    }

    @Test
    void topicMadeWhileRunningServesAtOnceAndAfterDeletionItsDataIsGone() {
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            TopicPartition t = topic("t", Map.of());
            assertThat(kit.produce(t, "old"), instanceOf(ProduceOutcome.Appended.class));
            images.remove("t");
            await(() -> kit.directory.list().isEmpty());
            assertThat(refusal(kit.produce(t, "late")), is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
            TopicPartition again = topic("t", Map.of());
            assertThat(kit.produce(again, "new"), instanceOf(ProduceOutcome.Appended.class));
            assertThat(kit.values(again, 0), contains("new"));
            assertThat(kit.bugs, empty());
        }
    }

    @Test
    void directoryOfATopicThatTheImageDoesNotKnowIsKeptAndReported() {
        TopicPartition t = topic("t", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a");
        }
        try (BrokerKit kit = new BrokerKit(disk, new TestImages())) {
            assertThat(kit.events, hasItem("directory.stray"));
            assertThat(kit.directory.list(), contains(t));
        }
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(kit.values(t, 0), contains("a"));
        }
    }

    @Test
    void leadershipThatMovesAwayAndBackFindsTheSameLog() {
        TopicPartition t = new TopicPartition(images.put("t", new UUID(1, 1), 1, 1, 1, Map.of()), 0);
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a");
            images.put("t", t.topicId(), 1, 2, 2, Map.of());
            await(() -> refusalOf(kit.produce(t, "b")) == Fault.NOT_LEADER);
            images.put("t", t.topicId(), 1, 1, 3, Map.of());
            await(() -> kit.produce(t, "c") instanceof ProduceOutcome.Appended);
            assertThat(kit.values(t, 0), contains("a", "c"));
            assertThat(kit.bugs, empty());
        }
    }

    private static Fault refusalOf(ProduceOutcome outcome) {
        return outcome instanceof ProduceOutcome.Refused r ? r.fault() : Fault.INTERNAL;
    }

    @Test
    void higherEpochOfTheSameLeaderIsTakenWhileServing() {
        TopicPartition t = new TopicPartition(images.put("t", new UUID(1, 1), 1, 1, 1, Map.of()), 0);
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a");
            images.put("t", t.topicId(), 1, 1, 5, Map.of());
            kit.produce(t, "b");
            Result<PartitionOffsets> offsets = kit.broker.offsets().offsets(t, 5);
            assertThat(offsets, equalTo(new Result.Ok<>(new PartitionOffsets(0, 2, 2, 2, 5))));
            assertThat(
                    ((Result.Refused<PartitionOffsets>) kit.broker.offsets().offsets(t, 1)).fault(),
                    is(Fault.FENCED_LEADER_EPOCH));
            assertThat(
                    kit.broker.offsets().find(t, new Query.Earliest(), Isolation.READ_UNCOMMITTED, -1),
                    equalTo(new Result.Ok<>(new TimestampedOffset(0, -1, 1))));
            assertThat(
                    kit.broker.offsets().find(t, new Query.Latest(), Isolation.READ_UNCOMMITTED, -1),
                    equalTo(new Result.Ok<>(new TimestampedOffset(2, -1, 5))));
        }
    }

    @Test
    void fullDiskRefusesWritesServesReadsAndRecovers() {
        TopicPartition t = topic("t", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, Batches.producer(9, 0, 0, kit.now(), "a"));
            disk.limitFreeBytes(10);
            assertThat(refusal(kit.produce(t, Batches.producer(9, 0, 1, kit.now(), "b"))), is(Fault.DISK_FULL));
            assertThat(kit.values(t, 0), contains("a"));
            disk.limitFreeBytes(Long.MAX_VALUE / 2);
            assertThat(
                    appended(kit.produce(t, Batches.producer(9, 0, 1, kit.now(), "b")))
                            .duplicate(),
                    is(false));
            assertThat(kit.values(t, 0), contains("a", "b"));
            assertThat(kit.events, hasItem("disk.full"));
        }
    }

    @Test
    void failedForceTakesTheDirectoryOfflineAndNothingIsAcknowledgedAfterIt() {
        TopicPartition t = topic("t", Map.of());
        TopicPartition u = topic("u", Map.of());
        BrokerKit kit = new BrokerKit(disk, images);
        kit.produce(t, "a");
        disk.fail(Operation.FORCE, ".log");
        ProduceOutcome failed = kit.produce(t, "b");
        assertThat(failed, instanceOf(ProduceOutcome.Unknown.class));
        disk.heal();
        assertThat(refusal(kit.produce(t, "c")), is(Fault.STORAGE_OFFLINE));
        await(() -> refusalOf(kit.produce(u, "d")) == Fault.STORAGE_OFFLINE);
        assertThat(kit.events, hasItem("directory.offline"));
        assertThat(kit.broker.replicas().directories().getFirst().online(), is(false));
        kit.crash(1);
        try (BrokerKit again = new BrokerKit(disk, images)) {
            assertThat(again.values(t, 0).getFirst(), is("a"));
        }
    }

    @Test
    void damagedPartitionIsOfflineWithItsReasonAndOthersServe() {
        TopicPartition t = topic("t", Map.of());
        TopicPartition u = topic("u", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a".repeat(500));
            kit.produce(u, "b");
        }
        disk.cutFile(BrokerKit.ROOT.resolve(t.toString()).resolve("00000000000000000000.log"), 100);
        removeCleanMark();
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            assertThat(refusal(kit.produce(t, "c")), is(Fault.STORAGE_OFFLINE));
            assertThat(kit.produce(u, "d"), instanceOf(ProduceOutcome.Appended.class));
            assertThat(
                    kit.broker
                            .replicas()
                            .replica(t)
                            .orElseThrow()
                            .offlineReason()
                            .contains("damaged"),
                    is(true));
        }
    }

    private void removeCleanMark() {
        for (String name : disk.list(BrokerKit.ROOT)) {
            if (name.equals("clean")) {
                try {
                    disk.deleteIfExists(BrokerKit.ROOT.resolve(name));
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Test
    void configChangeReachesTheOpenPartition() {
        UUID id = images.create("t", 1, Map.of());
        TopicPartition t = new TopicPartition(id, 0);
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a");
            images.put("t", id, 1, 1, 1, Map.of("max.message.bytes", "100", "message.timestamp.type", "LogAppendTime"));
            assertThat(refusal(kit.produce(t, "x".repeat(200))), is(Fault.RECORD_TOO_LARGE));
            assertThat(appended(kit.produce(t, "b")).logAppendTimeMs(), is(kit.now()));
        }
    }

    @Test
    void deleteRecordsMovesTheStart() {
        TopicPartition t = topic("t", Map.of());
        TopicPartition compacted = topic("c", Map.of("cleanup.policy", "compact"));
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, "a", "b");
            kit.produce(t, "c");
            assertThat(kit.broker.offsets().deleteRecords(t, 2).join(), equalTo(new Result.Ok<>(2L)));
            assertThat(kit.values(t, 2), contains("c"));
            assertThat(
                    ((Result.Refused<Long>)
                                    kit.broker.offsets().deleteRecords(t, 4).join())
                            .fault(),
                    is(Fault.OFFSET_OUT_OF_RANGE));
            assertThat(kit.broker.offsets().deleteRecords(t, -1).join(), equalTo(new Result.Ok<>(3L)));
            assertThat(
                    ((Result.Refused<Long>) kit.broker
                                    .offsets()
                                    .deleteRecords(compacted, 0)
                                    .join())
                            .fault(),
                    is(Fault.POLICY_VIOLATION));
        }
    }

    @Test
    void manyThreadsProduceToOnePartitionAndEveryAckIsItsOwn() {
        TopicPartition t = topic("t", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            List<CompletableFuture<Long>> all = new java.util.ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String value = "v" + i;
                CompletableFuture<Long> offset = new CompletableFuture<>();
                all.add(offset);
                Thread.startVirtualThread(() -> {
                    CompletableFuture<Void> _ = kit.send(t, Batches.of(kit.now(), value), Acks.ALL)
                            .thenAccept(o -> offset.complete(appended(o).baseOffset()));
                });
            }
            List<String> values = kit.valuesOf(t, all);
            for (int i = 0; i < 2_000; i++) {
                assertThat(values.get(Math.toIntExact(all.get(i).join())), is("v" + i));
            }
            assertThat(values.size(), is(2_000));
        }
    }

    @Test
    void producersOfAPartitionAreShown() {
        TopicPartition t = topic("t", Map.of());
        try (BrokerKit kit = new BrokerKit(disk, images)) {
            kit.produce(t, Batches.producer(9, 2, 0, kit.now(), "a", "b"));
            assertThat(
                    kit.broker.replicas().producers(t),
                    contains(new ReplicaDescriptions.ProducerEntry(9, (short) 2, 1, kit.now(), -1)));
        }
    }
}
