package io.jofka.node.broker.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.forward.proto.FetchAnswer;
import io.jofka.node.broker.forward.proto.FetchAsk;
import io.jofka.node.broker.forward.proto.Position;
import io.jofka.node.common.Net;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches from any partition of the cluster: one request to each leader at a time. Leaders wait for records only a short
 * while, so that a caller of several leaders sees the first record soon and nothing waits long for callers that went away.
 * Thread-safe.
 */
final class ForwardingFetch implements FetchService {
    private static final int ROUND_MS = 250;
    private static final int GRACE_MS = 2_000;
    /** How long a position without a leader is tried again before its caller is told. */
    private static final int PATIENCE_MS = 5_000;

    private final FetchService local;
    private final Leaders leaders;
    private final Net net;
    private final Executor threads;

    ForwardingFetch(FetchService local, Leaders leaders, Net net, Executor threads) {
        this.local = local;
        this.leaders = leaders;
        this.net = net;
        this.threads = threads;
    }

    /** What one leader was asked: the places of its positions in the request. */
    private record Asked(int leader, List<Integer> places, CompletableFuture<List<FetchOutcome>> answer) {}

    @Override
    public List<FetchOutcome> fetch(FetchRequest request) {
        boolean allHere = request.positions().stream().allMatch(p -> leaders.isSelf(leaders.of(p.partition())));
        if (allHere) {
            List<FetchOutcome> outcomes = local.fetch(request);
            if (outcomes.stream().noneMatch(ForwardingFetch::mayChange)) {
                return outcomes;
            }
            close(outcomes);
        }
        return rounds(request);
    }

    private List<FetchOutcome> rounds(FetchRequest request) {
        long deadlineNanos = leaders.deadline(request.maxWaitMs());
        long patienceNanos = leaders.deadline(Math.max(PATIENCE_MS, request.maxWaitMs()));
        int waitMs = 0;
        while (true) {
            List<FetchOutcome> outcomes = round(request, waitMs);
            boolean moving = outcomes.stream().anyMatch(ForwardingFetch::mayChange);
            boolean enough = !moving && isEnough(outcomes, request);
            long until = moving ? patienceNanos : deadlineNanos;
            if (enough || leaders.left(until) == 0 || Thread.currentThread().isInterrupted()) {
                return outcomes;
            }
            if (moving && bytes(outcomes) > 0) {
                return outcomes;
            }
            close(outcomes);
            if (moving && !leaders.pause(patienceNanos)) {
                return round(request, 0);
            }
            waitMs = Math.min(ROUND_MS, leaders.left(deadlineNanos));
        }
    }

    /** One request to each leader that is concerned. */
    private List<FetchOutcome> round(FetchRequest request, int waitMs) {
        Map<Integer, List<Integer>> byLeader = new TreeMap<>();
        for (int i = 0; i < request.positions().size(); i++) {
            byLeader.computeIfAbsent(leaders.of(request.positions().get(i).partition()), _ -> new ArrayList<>())
                    .add(i);
        }
        List<FetchOutcome> outcomes = new ArrayList<>(request.positions().size());
        request.positions().forEach(p -> outcomes.add(missing("The leader did not answer in time.")));
        List<Asked> all = new ArrayList<>(byLeader.size());
        byLeader.forEach((leader, places) ->
                all.add(new Asked(leader, places, ask(leader, part(request, places, waitMs)))));
        for (Asked one : all) {
            List<FetchOutcome> answers =
                    await(one.answer(), one.leader(), one.places().size(), waitMs);
            for (int i = 0; i < answers.size(); i++) {
                outcomes.set(one.places().get(i), answers.get(i));
            }
        }
        return outcomes;
    }

    private static FetchRequest part(FetchRequest request, List<Integer> places, int waitMs) {
        return new FetchRequest(
                places.stream().map(request.positions()::get).toList(),
                request.minBytes(),
                request.maxBytes(),
                waitMs,
                request.isolation());
    }

    private CompletableFuture<List<FetchOutcome>> ask(int leader, FetchRequest request) {
        if (leaders.isSelf(leader)) {
            return CompletableFuture.supplyAsync(() -> local.fetch(request), threads);
        }
        return net.call(leader, Net.Call.FETCH, encode(request), request.maxWaitMs() + GRACE_MS)
                .thenApply(bytes -> decode(bytes, request.positions().size()));
    }

    private static List<FetchOutcome> await(
            CompletableFuture<List<FetchOutcome>> asked, int leader, int count, int waitMs) {
        try {
            return asked.get(waitMs + 2L * GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var _ = asked.thenAccept(ForwardingFetch::close);
            return all(count, "The request was interrupted.");
        } catch (TimeoutException e) {
            var _ = asked.thenAccept(ForwardingFetch::close);
            return all(count, "The leader, node " + leader + ", did not answer in time.");
        } catch (ExecutionException e) {
            return all(count, "The leader, node " + leader + ", is not reached: " + Leaders.reason(e));
        }
    }

    private static List<FetchOutcome> all(int count, String detail) {
        List<FetchOutcome> outcomes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            outcomes.add(missing(detail));
        }
        return outcomes;
    }

    private static FetchOutcome missing(String detail) {
        return new FetchOutcome.Refused(Fault.LEADER_NOT_AVAILABLE, detail, PartitionOffsets.UNKNOWN);
    }

    private static byte[] encode(FetchRequest request) {
        FetchAsk.Builder ask = FetchAsk.newBuilder()
                .setMinBytes(request.minBytes())
                .setMaxBytes(request.maxBytes())
                .setMaxWaitMs(request.maxWaitMs())
                .setCommitted(request.isolation() == Isolation.READ_COMMITTED);
        for (FetchPosition position : request.positions()) {
            ask.addPositions(Position.newBuilder()
                    .setPartition(Wire.of(position.partition()))
                    .setOffset(position.offset())
                    .setLeaderEpoch(position.currentLeaderEpoch())
                    .setLastEpoch(position.lastFetchedEpoch())
                    .setMaxBytes(position.maxBytes()));
        }
        return ask.build().toByteArray();
    }

    private static List<FetchOutcome> decode(byte[] bytes, int count) {
        try {
            FetchAnswer answer = FetchAnswer.parseFrom(bytes);
            if (answer.getResultsCount() != count) {
                throw new CompletionException(
                        new Net.Rejected(answer.getResultsCount() + " results for " + count + " positions"));
            }
            return answer.getResultsList().stream().map(Wire::of).toList();
        } catch (InvalidProtocolBufferException e) {
            throw new CompletionException(new Net.Rejected("the leader's answer cannot be read"));
        }
    }

    private static boolean mayChange(FetchOutcome outcome) {
        return outcome instanceof FetchOutcome.Refused refused && Leaders.isTransient(refused.fault());
    }

    private static boolean isEnough(List<FetchOutcome> outcomes, FetchRequest request) {
        return bytes(outcomes) >= request.minBytes()
                || outcomes.stream().anyMatch(outcome -> !(outcome instanceof FetchOutcome.Data));
    }

    private static long bytes(List<FetchOutcome> outcomes) {
        return outcomes.stream()
                .mapToLong(outcome ->
                        outcome instanceof FetchOutcome.Data data ? data.slice().sizeBytes() : 0)
                .sum();
    }

    private static void close(List<FetchOutcome> outcomes) {
        for (FetchOutcome outcome : outcomes) {
            if (outcome instanceof FetchOutcome.Data data) {
                data.slice().close();
            }
        }
    }
}
