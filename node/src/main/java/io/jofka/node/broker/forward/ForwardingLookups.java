package io.jofka.node.broker.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.forward.proto.Find;
import io.jofka.node.broker.forward.proto.LookupAnswer;
import io.jofka.node.broker.forward.proto.LookupAsk;
import io.jofka.node.broker.forward.proto.Nothing;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Looks offsets up, and deletes records, in any partition of the cluster. Thread-safe. */
final class ForwardingLookups implements OffsetService {
    private static final int TIMEOUT_MS = 10_000;
    private static final int PATIENCE_MS = 5_000;

    private final OffsetService local;
    private final Leaders leaders;
    private final Net net;
    private final Executor threads;

    ForwardingLookups(OffsetService local, Leaders leaders, Net net, Executor threads) {
        this.local = local;
        this.leaders = leaders;
        this.net = net;
        this.threads = threads;
    }

    @Override
    public Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch) {
        LookupAsk ask = about(partition, currentLeaderEpoch)
                .setOffsets(Nothing.getDefaultInstance())
                .build();
        return insist(
                partition,
                () -> local.offsets(partition, currentLeaderEpoch),
                ask,
                answer -> Wire.of(answer.getOffsets()));
    }

    @Override
    public Result<TimestampedOffset> find(
            TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch) {
        Find.Builder find = Find.newBuilder().setCommitted(isolation == Isolation.READ_COMMITTED);
        switch (query) {
            case Query.Earliest e -> find.setEarliest(Nothing.getDefaultInstance());
            case Query.Latest l -> find.setLatest(Nothing.getDefaultInstance());
            case Query.MaxTimestamp m -> find.setMaxTimestamp(Nothing.getDefaultInstance());
            case Query.AtTime at -> find.setAtTime(at.timestampMs());
        }
        LookupAsk ask = about(partition, currentLeaderEpoch).setFind(find).build();
        return insist(
                partition,
                () -> local.find(partition, query, isolation, currentLeaderEpoch),
                ask,
                answer -> new TimestampedOffset(
                        answer.getFound().getOffset(),
                        answer.getFound().getTimestampMs(),
                        answer.getFound().getEpoch()));
    }

    @Override
    public Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch) {
        LookupAsk ask =
                about(partition, currentLeaderEpoch).setEndOfEpoch(leaderEpoch).build();
        return insist(
                partition,
                () -> local.endOffsetFor(partition, leaderEpoch, currentLeaderEpoch),
                ask,
                answer -> Wire.of(answer.getEpochEnd()));
    }

    @Override
    public CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset) {
        if (leaders.isSelf(leaders.of(partition))) {
            return local.deleteRecords(partition, beforeOffset);
        }
        LookupAsk ask = about(partition, -1).setDeleteBefore(beforeOffset).build();
        return CompletableFuture.supplyAsync(
                () -> insist(
                        partition,
                        () -> local.deleteRecords(partition, beforeOffset).join(),
                        ask,
                        LookupAnswer::getLogStart),
                threads);
    }

    private static LookupAsk.Builder about(TopicPartition partition, int leaderEpoch) {
        return LookupAsk.newBuilder().setPartition(Wire.of(partition)).setLeaderEpoch(leaderEpoch);
    }

    /** All these questions may be asked twice. */
    private <T> Result<T> insist(
            TopicPartition partition, Supplier<Result<T>> here, LookupAsk ask, Function<LookupAnswer, T> value) {
        long patienceNanos = leaders.deadline(PATIENCE_MS);
        while (true) {
            int leader = leaders.of(partition);
            Result<T> result = leaders.isSelf(leader) ? here.get() : ask(leader, ask, value);
            boolean moving =
                    result instanceof Result.Refused<T>(Fault fault, String detail) && Leaders.isTransient(fault);
            if (!moving || !leaders.pause(patienceNanos)) {
                return result;
            }
        }
    }

    private <T> Result<T> ask(int leader, LookupAsk ask, Function<LookupAnswer, T> value) {
        try {
            byte[] bytes = net.call(leader, Net.Call.LOOKUP, ask.toByteArray(), TIMEOUT_MS)
                    .get();
            LookupAnswer answer = LookupAnswer.parseFrom(bytes);
            return answer.hasRefused()
                    ? new Result.Refused<>(
                            Wire.fault(answer.getRefused()), answer.getRefused().getDetail())
                    : new Result.Ok<>(value.apply(answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Refused<>(Fault.OUTCOME_UNKNOWN, "The request was interrupted.");
        } catch (ExecutionException e) {
            return new Result.Refused<>(
                    Fault.LEADER_NOT_AVAILABLE,
                    "The leader, node " + leader + ", is not reached: " + Leaders.reason(e));
        } catch (InvalidProtocolBufferException e) {
            return new Result.Refused<>(Fault.INTERNAL, "The leader's answer cannot be read.");
        }
    }
}
