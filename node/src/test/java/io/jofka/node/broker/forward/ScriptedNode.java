package io.jofka.node.broker.forward;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.forward.proto.Data;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node's own services that answer as a test has written down, and remember what they were asked. One caller at a time. */
final class ScriptedNode implements ProduceService, FetchService, OffsetService, ReplicaDescriptions {
    static final PartitionOffsets OFFSETS = new PartitionOffsets(3, 40, 41, 42, 7);
    static final EpochEnd END = new EpochEnd(6, 39);

    final Deque<ProduceOutcome> outcomes = new ArrayDeque<>();
    final List<byte[]> produced = new ArrayList<>();
    final List<FetchPosition> fetched = new ArrayList<>();
    long deletedBefore = -2;

    @Override
    public synchronized CompletableFuture<ProduceOutcome> produce(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        byte[] bytes = new byte[batches.remaining()];
        batches.get(bytes);
        produced.add(bytes);
        return CompletableFuture.completedFuture(
                outcomes.isEmpty() ? new ProduceOutcome.Appended(5, 6, -1, 3, false) : outcomes.remove());
    }

    @Override
    public synchronized List<FetchOutcome> fetch(FetchRequest request) {
        fetched.addAll(request.positions());
        return request.positions().stream()
                .<FetchOutcome>map(p -> new FetchOutcome.Data(
                        new ReceivedSlice(Data.newBuilder()
                                .setBaseOffset(p.offset())
                                .setNextOffset(p.offset() + 1)
                                .setBatches(com.google.protobuf.ByteString.copyFromUtf8("batch " + p.partition()))
                                .build()),
                        OFFSETS,
                        List.of()))
                .toList();
    }

    @Override
    public Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch) {
        return currentLeaderEpoch > OFFSETS.leaderEpoch()
                ? new Result.Refused<>(Fault.FENCED_LEADER_EPOCH, "fenced")
                : new Result.Ok<>(OFFSETS);
    }

    @Override
    public Result<TimestampedOffset> find(
            TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch) {
        return new Result.Ok<>(new TimestampedOffset(query instanceof Query.AtTime at ? at.timestampMs() : -1, 9, 7));
    }

    @Override
    public Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch) {
        return new Result.Ok<>(END);
    }

    @Override
    public CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset) {
        deletedBefore = beforeOffset;
        return CompletableFuture.completedFuture(new Result.Ok<>(beforeOffset));
    }

    @Override
    public Optional<Replica> replica(TopicPartition partition) {
        return Optional.of(new Replica(partition, OFFSETS, 38, 1000, List.of(), ""));
    }

    @Override
    public List<Replica> replicas() {
        return List.of();
    }

    @Override
    public List<LogDirectory> directories() {
        return List.of();
    }

    @Override
    public List<ProducerEntry> producers(TopicPartition partition) {
        return List.of(new ProducerEntry(11, (short) 2, 5, 77, -1));
    }

    @Override
    public List<Optional<Led>> led(List<TopicPartition> partitions) {
        return partitions.stream()
                .map(p -> p.partition() == 9
                        ? Optional.<Led>empty()
                        : Optional.of(new Led(
                                OFFSETS,
                                1000L + p.partition(),
                                "",
                                List.of(new Follower(1, 40, 5), new Follower(3, 20, 900)))))
                .toList();
    }

    @Override
    public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
        return CompletableFuture.completedFuture(
                partition.partition() == 9 ? Optional.empty() : Optional.of(new LogEnd(3, 42, 6, 41)));
    }
}
