package io.jofka.node.broker.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.forward.proto.AckLevel;
import io.jofka.node.broker.forward.proto.FetchAnswer;
import io.jofka.node.broker.forward.proto.FetchAsk;
import io.jofka.node.broker.forward.proto.Find;
import io.jofka.node.broker.forward.proto.LedPartitions;
import io.jofka.node.broker.forward.proto.LookupAnswer;
import io.jofka.node.broker.forward.proto.LookupAsk;
import io.jofka.node.broker.forward.proto.Nothing;
import io.jofka.node.broker.forward.proto.PartitionId;
import io.jofka.node.broker.forward.proto.PartitionIds;
import io.jofka.node.broker.forward.proto.ProduceAsk;
import io.jofka.node.broker.forward.proto.Producer;
import io.jofka.node.broker.forward.proto.Producers;
import io.jofka.node.broker.forward.proto.Replica;
import io.jofka.node.broker.forward.proto.SegmentFile;
import io.jofka.node.broker.forward.proto.Timestamped;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers what other nodes ask for their callers, from what this node leads. Thread-safe. */
final class Answering {
    private static final int MAX_WAIT_MS = 60_000;
    private static final int MAX_POSITIONS = 10_000;
    /** A call carries 64 MiB; what one fetch gathers stays well below. */
    private static final int MAX_BYTES = 16 << 20;

    private final int self;
    private final ProduceService produce;
    private final FetchService fetch;
    private final OffsetService offsets;
    private final ReplicaDescriptions replicas;

    /** @param replicas of this node; they never ask another */
    Answering(
            int self, ProduceService produce, FetchService fetch, OffsetService offsets, ReplicaDescriptions replicas) {
        this.self = self;
        this.produce = produce;
        this.fetch = fetch;
        this.offsets = offsets;
        this.replicas = replicas;
    }

    void serve(Net net) {
        net.serve(Net.Call.PRODUCE, (from, bytes) -> produce(bytes));
        net.serve(Net.Call.FETCH, (from, bytes) -> CompletableFuture.completedFuture(fetch(bytes)));
        net.serve(Net.Call.LOOKUP, (from, bytes) -> lookup(bytes));
    }

    private CompletableFuture<byte[]> produce(byte[] bytes) {
        try {
            ProduceAsk ask = ProduceAsk.parseFrom(bytes);
            ProduceOptions options = new ProduceOptions(
                    acks(ask.getAcks()), Math.clamp(ask.getTimeoutMs(), 1, MAX_WAIT_MS), ask.getTrusted());
            return produce.produce(
                            partition(ask.getPartition()),
                            ByteBuffer.wrap(ask.getBatches().toByteArray()),
                            options)
                    .thenApply(outcome -> Wire.of(outcome).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new Net.Rejected("the request cannot be read");
        }
    }

    private static Acks acks(AckLevel level) {
        return switch (level) {
            case ACK_LEVEL_NONE -> Acks.NONE;
            case ACK_LEVEL_LEADER -> Acks.LEADER;
            case ACK_LEVEL_ALL -> Acks.ALL;
            case UNRECOGNIZED -> throw new Net.Rejected("an unknown level of acknowledgement");
        };
    }

    private static TopicPartition partition(PartitionId id) {
        if (id.getPartition() < 0) {
            throw new Net.Rejected("partition " + id.getPartition());
        }
        return Wire.of(id);
    }

    private byte[] fetch(byte[] bytes) {
        FetchAsk ask;
        try {
            ask = FetchAsk.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Net.Rejected("the request cannot be read");
        }
        if (ask.getPositionsCount() > MAX_POSITIONS) {
            throw new Net.Rejected(ask.getPositionsCount() + " positions; at most " + MAX_POSITIONS);
        }
        List<FetchPosition> positions = new ArrayList<>(ask.getPositionsCount());
        ask.getPositionsList()
                .forEach(p -> positions.add(new FetchPosition(
                        partition(p.getPartition()),
                        p.getOffset(),
                        p.getLeaderEpoch(),
                        p.getLastEpoch(),
                        Math.clamp(p.getMaxBytes(), 0, MAX_BYTES))));
        List<FetchOutcome> outcomes = fetch.fetch(new FetchRequest(
                positions,
                ask.getMinBytes(),
                Math.clamp(ask.getMaxBytes(), 0, MAX_BYTES),
                Math.clamp(ask.getMaxWaitMs(), 0, MAX_WAIT_MS),
                ask.getCommitted() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED));
        FetchAnswer.Builder answer = FetchAnswer.newBuilder();
        try {
            outcomes.forEach(outcome -> answer.addResults(Wire.of(outcome)));
        } finally {
            for (FetchOutcome outcome : outcomes) {
                if (outcome instanceof FetchOutcome.Data data) {
                    data.slice().close();
                }
            }
        }
        return answer.build().toByteArray();
    }

    private CompletableFuture<byte[]> lookup(byte[] bytes) {
        LookupAsk ask;
        try {
            ask = LookupAsk.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Net.Rejected("the request cannot be read");
        }
        TopicPartition partition = partition(ask.getPartition());
        if (ask.getQuestionCase() == LookupAsk.QuestionCase.DELETE_BEFORE) {
            return offsets.deleteRecords(partition, ask.getDeleteBefore())
                    .thenApply(result -> answer(result, LookupAnswer.Builder::setLogStart));
        }
        return CompletableFuture.completedFuture(lookup(partition, ask));
    }

    private byte[] lookup(TopicPartition partition, LookupAsk ask) {
        int epoch = ask.getLeaderEpoch();
        return switch (ask.getQuestionCase()) {
            case OFFSETS -> answer(offsets.offsets(partition, epoch), (b, v) -> b.setOffsets(Wire.of(v)));
            case FIND ->
                answer(
                        offsets.find(
                                partition,
                                query(ask.getFind()),
                                ask.getFind().getCommitted() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED,
                                epoch),
                        (b, v) -> b.setFound(Timestamped.newBuilder()
                                .setOffset(v.offset())
                                .setTimestampMs(v.timestampMs())
                                .setEpoch(v.leaderEpoch())));
            case END_OF_EPOCH ->
                answer(
                        offsets.endOffsetFor(partition, ask.getEndOfEpoch(), epoch),
                        (b, v) -> b.setEpochEnd(Wire.of(v)));
            case REPLICA -> replica(partition);
            case LED -> led(ask.getLed());
            case LOG_END -> logEnd(partition);
            case PRODUCERS -> producers(partition);
            case DELETE_BEFORE, QUESTION_NOT_SET -> throw new Net.Rejected("no question");
        };
    }

    private static Query query(Find find) {
        return switch (find.getQueryCase()) {
            case EARLIEST -> new Query.Earliest();
            case LATEST -> new Query.Latest();
            case MAX_TIMESTAMP -> new Query.MaxTimestamp();
            case AT_TIME -> new Query.AtTime(find.getAtTime());
            case QUERY_NOT_SET -> throw new Net.Rejected("no query");
        };
    }

    private interface Setter<T> {
        LookupAnswer.Builder set(LookupAnswer.Builder builder, T value);
    }

    private static <T> byte[] answer(Result<T> result, Setter<T> setter) {
        LookupAnswer.Builder answer = LookupAnswer.newBuilder();
        switch (result) {
            case Result.Ok<T>(T value) -> setter.set(answer, value);
            case Result.Refused<T>(Fault fault, String detail) -> answer.setRefused(Wire.refusal(fault, detail));
        }
        return answer.build().toByteArray();
    }

    private byte[] replica(TopicPartition partition) {
        LookupAnswer.Builder answer = LookupAnswer.newBuilder().setNothing(Nothing.getDefaultInstance());
        replicas.replica(partition).ifPresent(r -> {
            Replica.Builder replica = Replica.newBuilder()
                    .setOffsets(Wire.of(r.offsets()))
                    .setForced(r.forcedOffset())
                    .setSizeBytes(r.sizeBytes())
                    .setOfflineReason(r.offlineReason());
            r.segments()
                    .forEach(s -> replica.addSegments(SegmentFile.newBuilder()
                            .setBaseOffset(s.baseOffset())
                            .setEndOffset(s.endOffset())
                            .setSizeBytes(s.sizeBytes())
                            .setMaxTimestampMs(s.maxTimestampMs())
                            .setActive(s.active())));
            answer.setReplica(replica);
        });
        return answer.build().toByteArray();
    }

    private byte[] led(PartitionIds asked) {
        if (asked.getPartitionsCount() > MAX_POSITIONS) {
            throw new Net.Rejected(asked.getPartitionsCount() + " partitions; at most " + MAX_POSITIONS);
        }
        LedPartitions.Builder answer = LedPartitions.newBuilder();
        replicas.led(asked.getPartitionsList().stream()
                        .map(Answering::partition)
                        .toList())
                .forEach(led -> answer.addPartitions(Descriptions.of(led)));
        return LookupAnswer.newBuilder().setLed(answer).build().toByteArray();
    }

    private byte[] logEnd(TopicPartition partition) {
        LookupAnswer.Builder answer = LookupAnswer.newBuilder().setNothing(Nothing.getDefaultInstance());
        replicas.logEnd(self, partition).join().ifPresent(end -> answer.setLogEnd(Descriptions.of(end)));
        return answer.build().toByteArray();
    }

    private byte[] producers(TopicPartition partition) {
        Producers.Builder producers = Producers.newBuilder();
        replicas.producers(partition)
                .forEach(p -> producers.addProducers(Producer.newBuilder()
                        .setId(p.producerId())
                        .setEpoch(p.producerEpoch())
                        .setLastSequence(p.lastSequence())
                        .setLastTimestampMs(p.lastTimestampMs())
                        .setOpenTransactionStart(p.openTransactionStart())));
        return LookupAnswer.newBuilder().setProducers(producers).build().toByteArray();
    }
}
