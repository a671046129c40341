package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.storage.Log.EpochEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waits, limits and answers of fetches. */
class FetchTest {
    private static final int LONG_MS = 30_000;
    private final TestImages images = new TestImages();

    private BrokerKit kit(int maxFetchWaiters) {
        BrokerConfig d = BrokerConfig.defaults();
        return new BrokerKit(
                new SimulatedDisk(),
                images,
                new BrokerConfig(
                        d.queuedCommands(),
                        d.queuedBytes(),
                        d.drainBytes(),
                        d.drainRounds(),
                        d.maxInflatedBytes(),
                        d.maxInflationRatio(),
                        d.maxProducers(),
                        d.producerExpiryMs(),
                        maxFetchWaiters,
                        d.maxWaitMs(),
                        d.openers(),
                        d.tickMs(),
                        d.retentionMs(),
                        d.compactionMs(),
                        d.checkpointMs(),
                        10_000));
    }

    private static List<FetchOutcome> fetch(BrokerKit kit, int minBytes, int waitMs, FetchPosition... positions) {
        return kit.broker
                .fetch()
                .fetch(new FetchRequest(List.of(positions), minBytes, 1 << 20, waitMs, Isolation.READ_UNCOMMITTED));
    }

    private static FetchPosition at(TopicPartition partition, long offset) {
        return new FetchPosition(partition, offset, 1 << 20);
    }

    private static CompletableFuture<List<FetchOutcome>> later(
            BrokerKit kit, int minBytes, int waitMs, FetchPosition... positions) {
        CompletableFuture<List<FetchOutcome>> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> answer.complete(fetch(kit, minBytes, waitMs, positions)));
        return answer;
    }

    private static List<String> values(FetchOutcome outcome) {
        try (var slice = ((FetchOutcome.Data) outcome).slice()) {
            return slice.isEmpty() ? List.of() : Batches.values(slice.toBuffer());
        }
    }

    /** A fetch that has been counted holds its place and misses no move any more. */
    private static void awaitWaits(BrokerKit kit, int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (kit.registry.get("jofka.broker.fetch.waits").functionCounter().count() < count) {
            assertThat("all wait in time", System.nanoTime(), lessThan(deadline));
            Thread.onSpinWait();
        }
    }

    @Test
    void waitingFetchIsWokenByWhicheverPartitionMoves() {
        List<TopicPartition> partitions = new ArrayList<>();
        UUID id = images.create("t", 3, Map.of());
        for (int i = 0; i < 3; i++) {
            partitions.add(new TopicPartition(id, i));
        }
        try (BrokerKit kit = kit(1)) {
            for (TopicPartition moving : partitions) {
                FetchPosition[] ends = partitions.stream()
                        .map(partition -> at(partition, partitions.indexOf(partition) < moving.partition() ? 1 : 0))
                        .toArray(FetchPosition[]::new);
                CompletableFuture<List<FetchOutcome>> answer = later(kit, 1, LONG_MS, ends);
                awaitWaits(kit, moving.partition() + 1);
                kit.produce(moving, "to " + moving.partition());
                List<FetchOutcome> outcomes =
                        answer.orTimeout(20, TimeUnit.SECONDS).join();
                assertThat(outcomes, hasSize(3));
                for (int i = 0; i < 3; i++) {
                    List<String> expected = i == moving.partition() ? List.of("to " + i) : List.of();
                    assertThat(values(outcomes.get(i)), equalTo(expected));
                }
            }
            assertThat(kit.bugs, hasSize(0));
        }
    }

    @Test
    void minimumOfBytesCountsOverAllPartitions() {
        UUID id = images.create("t", 2, Map.of());
        TopicPartition one = new TopicPartition(id, 0);
        TopicPartition two = new TopicPartition(id, 1);
        try (BrokerKit kit = kit(1)) {
            kit.produce(one, "x".repeat(600));
            CompletableFuture<List<FetchOutcome>> answer = later(kit, 1_000, LONG_MS, at(one, 0), at(two, 0));
            awaitWaits(kit, 1);
            assertThat("600 are not enough", answer.isDone(), is(false));
            kit.produce(two, "y".repeat(600));
            List<FetchOutcome> outcomes = answer.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(values(outcomes.get(0)), contains("x".repeat(600)));
            assertThat(values(outcomes.get(1)), contains("y".repeat(600)));
        }
    }

    @Test
    void fetchBeyondTheLimitOfWaitersAnswersAtOnceAndAFreedPlaceIsTakenAgain() {
        TopicPartition t = new TopicPartition(images.create("t", 1, Map.of()), 0);
        try (BrokerKit kit = kit(2)) {
            CompletableFuture<List<FetchOutcome>> first = later(kit, 1, LONG_MS, at(t, 0));
            CompletableFuture<List<FetchOutcome>> second = later(kit, 1, LONG_MS, at(t, 0));
            awaitWaits(kit, 2);
            long asked = System.nanoTime();
            assertThat(values(fetch(kit, 1, LONG_MS, at(t, 0)).getFirst()), equalTo(List.of()));
            assertThat("no wait", System.nanoTime() - asked, lessThan(TimeUnit.SECONDS.toNanos(20)));
            assertThat(first.isDone() || second.isDone(), is(false));
            kit.produce(t, "a");
            assertThat(values(first.orTimeout(20, TimeUnit.SECONDS).join().getFirst()), contains("a"));
            assertThat(values(second.orTimeout(20, TimeUnit.SECONDS).join().getFirst()), contains("a"));
            long began = System.nanoTime();
            assertThat(values(fetch(kit, 1, 100, at(t, 1)).getFirst()), equalTo(List.of()));
            assertThat("it waited", System.nanoTime() - began, greaterThan(TimeUnit.MILLISECONDS.toNanos(90)));
        }
    }

    @Test
    void waitingFetchEndsWhenItsTopicIsDeleted() {
        TopicPartition t = new TopicPartition(images.create("t", 1, Map.of()), 0);
        try (BrokerKit kit = kit(1)) {
            CompletableFuture<List<FetchOutcome>> answer = later(kit, 1, LONG_MS, at(t, 0));
            awaitWaits(kit, 1);
            images.remove("t");
            FetchOutcome outcome = answer.orTimeout(20, TimeUnit.SECONDS).join().getFirst();
            assertThat(
                    ((FetchOutcome.Refused) outcome).fault(), is(io.jofka.api.fault.Fault.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    @Test
    void callerWhoseEpochEndedEarlierHereIsToldWhereTheLogsPart() {
        TopicPartition t = new TopicPartition(images.put("t", new UUID(1, 1), 1, 1, 1, Map.of()), 0);
        try (BrokerKit kit = kit(1)) {
            kit.produce(t, "a", "b");
            images.put("t", t.topicId(), 1, 1, 5, Map.of());
            kit.produce(t, "c");
            FetchPosition diverged = new FetchPosition(t, 3, 5, 1, 1 << 20);
            FetchOutcome outcome = fetch(kit, 1, LONG_MS, diverged).getFirst();
            assertThat(
                    outcome,
                    equalTo(new FetchOutcome.Diverged(new EpochEnd(1, 2), new PartitionOffsets(0, 3, 3, 3, 5))));
            FetchPosition between = new FetchPosition(t, 3, 5, 3, 1 << 20);
            assertThat(
                    "an epoch that was never here: the largest one below it",
                    ((FetchOutcome.Diverged) fetch(kit, 1, LONG_MS, between).getFirst()).end(),
                    is(new EpochEnd(1, 2)));
            FetchPosition agreeing = new FetchPosition(t, 2, 5, 1, 1 << 20);
            assertThat(values(fetch(kit, 1, LONG_MS, agreeing).getFirst()), contains("c"));
        }
    }
}
