package io.jofka.node.broker.forward;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.Compression;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.Net;
import io.jofka.node.common.SystemClock;
import io.jofka.node.common.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Node 1 asks node 2 for what node 2 leads. */
final class AnyNodeTest {
    private static final ProduceOptions OPTIONS = new ProduceOptions(Acks.ALL, 5_000, true);
    private static final ProduceOutcome NOT_LEADER = new ProduceOutcome.Refused(Fault.NOT_LEADER, "moved");

    private final LedByTwo images = new LedByTwo();
    private final ScriptedNode here = new ScriptedNode();
    private final ScriptedNode there = new ScriptedNode();
    private final Link link = new Link();
    private final AnyNode node = new AnyNode(1, images, here, here, here, here, link, new SystemClock());

    /** Carries what node 1 asks to the answers of node 2, unless a failure is next. */
    private final class Link implements Net {
        final Deque<NetFailure> failures = new ArrayDeque<>();
        final Map<Call, Handler> answers = new EnumMap<>(Call.class);

        Link() {
            new Answering(2, there, there, there, there).serve(new Net() {
                @Override
                public CompletableFuture<byte[]> call(int to, Call call, byte[] request, int timeoutMs) {
                    throw new UnsupportedOperationException("node 2 only answers");
                }

                @Override
                public void serve(Call call, Handler handler) {
                    answers.put(call, handler);
                }
            });
        }

        @Override
        public CompletableFuture<byte[]> call(int to, Call call, byte[] request, int timeoutMs) {
            assertThat(to, is(2));
            Handler answer = answers.get(call);
            if (!failures.isEmpty()) {
                return CompletableFuture.failedFuture(failures.remove());
            }
            try {
                return answer == null
                        ? CompletableFuture.failedFuture(new Rejected("nobody answers"))
                        : answer.handle(1, request);
            } catch (Rejected e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void serve(Call call, Handler handler) {
            // what node 1 answers is not asked for here
        }
    }

    private static ByteBuffer batch(long producerId) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        builder.append(1, null, ByteBuffer.wrap("v".getBytes(StandardCharsets.UTF_8)), List.of());
        if (producerId >= 0) {
            builder.producer(producerId, (short) 0, 0);
        }
        return builder.build(0, -1);
    }

    private ProduceOutcome produce(long producerId) {
        return node.produce()
                .produce(LedByTwo.partition(0), batch(producerId), OPTIONS)
                .join();
    }

    @Test
    void aProduceGoesToTheLeaderByteForByte() {
        images.leaders(2);
        assertThat(produce(-1), is(new ProduceOutcome.Appended(5, 6, -1, 3, false)));
        assertThat(here.produced, is(empty()));
        assertThat(ByteBuffer.wrap(there.produced.getFirst()), is(batch(-1)));
    }

    @Test
    void whatIsLedHereStaysHere() {
        images.leaders(1);
        assertThat(produce(-1), instanceOf(ProduceOutcome.Appended.class));
        assertThat(there.produced, is(empty()));
    }

    @Test
    void aRefusalOfTheOldLeaderIsTriedAtTheNewOne() {
        images.leaders(1);
        here.outcomes.add(NOT_LEADER);
        images.whenWaitedFor(() -> images.leaders(2));
        here.outcomes.add(NOT_LEADER);
        assertThat(produce(-1), instanceOf(ProduceOutcome.Appended.class));
        assertThat(there.produced, hasSize(1));
    }

    @Test
    void aLeaderThatCannotBeReachedIsTriedAgain() {
        images.leaders(2);
        link.failures.add(new Net.Unreachable("down"));
        assertThat(produce(-1), instanceOf(ProduceOutcome.Appended.class));
    }

    @Test
    void withoutSequencesAnUnansweredProduceIsUnknownAndNotRepeated() {
        images.leaders(2);
        link.failures.add(new Net.Unanswered("broken"));
        assertThat(produce(-1), instanceOf(ProduceOutcome.Unknown.class));
        assertThat(there.produced, is(empty()));
    }

    @Test
    void withSequencesAnUnansweredProduceIsRepeated() {
        images.leaders(2);
        link.failures.add(new Net.Unanswered("broken"));
        assertThat(produce(4711), instanceOf(ProduceOutcome.Appended.class));
        assertThat(there.produced, hasSize(1));
    }

    @Test
    void whatWasPerhapsDoneIsNeverReportedAsRefusedForWantOfALeader() {
        images.leaders(2);
        link.failures.add(new Net.Unanswered("broken"));
        for (int i = 0; i < 10_000; i++) {
            link.failures.add(new Net.Unreachable("down"));
        }
        ProduceOutcome outcome = node.produce()
                .produce(LedByTwo.partition(0), batch(4711), new ProduceOptions(Acks.ALL, 50, true))
                .join();
        assertThat(outcome, instanceOf(ProduceOutcome.Unknown.class));
    }

    @Test
    void recordErrorsComeBackFromTheLeader() {
        images.leaders(2);
        ProduceOutcome refused = new ProduceOutcome.Refused(
                Fault.INVALID_RECORD, "no", List.of(new ProduceOutcome.RecordError(3, "bad")));
        there.outcomes.add(refused);
        assertThat(produce(-1), is(refused));
    }

    @Test
    void aFetchAsksEachLeaderAndAnswersInTheOrderAsked() {
        images.leaders(2, 1, 2);
        List<FetchOutcome> outcomes = node.fetch()
                .fetch(new FetchRequest(
                        List.of(position(0), position(1), position(2)), 1, 1 << 20, 0, Isolation.READ_COMMITTED));
        assertThat(
                outcomes.stream().map(AnyNodeTest::text).toList(),
                contains(
                        "batch " + LedByTwo.TOPIC + "-0",
                        "batch " + LedByTwo.TOPIC + "-1",
                        "batch " + LedByTwo.TOPIC + "-2"));
        assertThat(there.fetched, is(List.of(position(0), position(2))));
        assertThat(here.fetched, is(List.of(position(1))));
    }

    private static FetchPosition position(int partition) {
        return new FetchPosition(LedByTwo.partition(partition), 20 + partition, 1 << 20);
    }

    private static String text(FetchOutcome outcome) {
        return outcome instanceof FetchOutcome.Data data
                ? StandardCharsets.UTF_8.decode(data.slice().toBuffer()).toString()
                : outcome.toString();
    }

    @Test
    void lookUpsAreAnsweredByTheLeader() {
        images.leaders(2);
        assertThat(node.offsets().offsets(LedByTwo.partition(0), -1), is(new Result.Ok<>(ScriptedNode.OFFSETS)));
        assertThat(
                node.offsets().offsets(LedByTwo.partition(0), 8),
                is(new Result.Refused<>(Fault.FENCED_LEADER_EPOCH, "fenced")));
        assertThat(node.offsets().endOffsetFor(LedByTwo.partition(0), 6, -1), is(new Result.Ok<>(ScriptedNode.END)));
        var found = node.offsets().find(LedByTwo.partition(0), new Query.AtTime(123), Isolation.READ_UNCOMMITTED, -1);
        assertThat(
                found, equalTo(there.find(LedByTwo.partition(0), new Query.AtTime(123), Isolation.READ_COMMITTED, -1)));
        assertThat(node.offsets().deleteRecords(LedByTwo.partition(0), 17).join(), is(new Result.Ok<>(17L)));
        assertThat(there.deletedBefore, is(17L));
        assertThat(node.replicas().replica(LedByTwo.partition(0)), is(there.replica(LedByTwo.partition(0))));
        assertThat(node.replicas().producers(LedByTwo.partition(0)), is(there.producers(LedByTwo.partition(0))));
    }

    @Test
    void bytesThatAreNoRequestAreRejected() {
        Random random = new Random(5);
        int rejected = 0;
        for (Map.Entry<Net.Call, Net.Handler> answer : link.answers.entrySet()) {
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[1 + random.nextInt(64)];
                random.nextBytes(bytes);
                try {
                    answer.getValue().handle(3, bytes).join();
                } catch (Net.Rejected expected) {
                    rejected++;
                }
            }
        }
        assertThat(rejected, is(greaterThan(1_000)));
    }

    @Test
    void leadersTellOfTheirFollowersInOneCallAndReplicasOfThemselves() {
        images.leaders(2, 1, 2);
        List<TopicPartition> asked =
                List.of(LedByTwo.partition(2), LedByTwo.partition(1), LedByTwo.partition(0), LedByTwo.partition(9));
        List<Optional<ReplicaDescriptions.Led>> led = node.replicas().led(asked);
        assertThat(led, equalTo(there.led(asked)));
        assertThat(led.getFirst().orElseThrow().followers(), hasSize(2));
        assertThat(led.getLast(), is(Optional.empty()));
        TopicPartition first = LedByTwo.partition(0);
        assertThat(
                node.replicas().logEnd(2, first).join(), is(Optional.of(new ReplicaDescriptions.LogEnd(3, 42, 6, 41))));
        assertThat(node.replicas().logEnd(2, LedByTwo.partition(9)).join(), is(Optional.empty()));
        link.failures.add(new Net.Unanswered("slow"));
        link.failures.add(new Net.Unreachable("gone"));
        assertThat(node.replicas().logEnd(2, first).join(), is(Optional.empty()));
        assertThat(node.replicas().led(List.of(first)), is(List.of(Optional.empty())));
    }
}
