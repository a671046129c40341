package io.jofka.node.broker.forward;

import com.google.protobuf.ByteString;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.forward.proto.Aborted;
import io.jofka.node.broker.forward.proto.Appended;
import io.jofka.node.broker.forward.proto.Data;
import io.jofka.node.broker.forward.proto.EpochEnd;
import io.jofka.node.broker.forward.proto.FetchResult;
import io.jofka.node.broker.forward.proto.Offsets;
import io.jofka.node.broker.forward.proto.PartitionId;
import io.jofka.node.broker.forward.proto.ProduceAnswer;
import io.jofka.node.broker.forward.proto.RecordError;
import io.jofka.node.broker.forward.proto.Refusal;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogSlice;
import java.util.List;
import java.util.UUID;

/** Between the values of the broker's services and the messages nodes send each other. */
final class Wire {
    private Wire() {}

    static PartitionId of(TopicPartition partition) {
        return PartitionId.newBuilder()
                .setTopicHigh(partition.topicId().getMostSignificantBits())
                .setTopicLow(partition.topicId().getLeastSignificantBits())
                .setPartition(partition.partition())
                .build();
    }

    static TopicPartition of(PartitionId id) {
        return new TopicPartition(new UUID(id.getTopicHigh(), id.getTopicLow()), id.getPartition());
    }

    static Refusal refusal(Fault fault, String detail) {
        return Refusal.newBuilder().setFault(fault.name()).setDetail(detail).build();
    }

    /** A fault that this program does not know comes from a newer node: what it means is in its sentence. */
    static Fault fault(Refusal refusal) {
        for (Fault fault : Fault.values()) {
            if (fault.name().equals(refusal.getFault())) {
                return fault;
            }
        }
        return Fault.INTERNAL;
    }

    static Offsets of(PartitionOffsets offsets) {
        return Offsets.newBuilder()
                .setLogStart(offsets.logStartOffset())
                .setLastStable(offsets.lastStableOffset())
                .setHighWatermark(offsets.highWatermark())
                .setLogEnd(offsets.logEndOffset())
                .setEpoch(offsets.leaderEpoch())
                .build();
    }

    static PartitionOffsets of(Offsets offsets) {
        return new PartitionOffsets(
                offsets.getLogStart(),
                offsets.getLastStable(),
                offsets.getHighWatermark(),
                offsets.getLogEnd(),
                offsets.getEpoch());
    }

    static EpochEnd of(Log.EpochEnd end) {
        return EpochEnd.newBuilder()
                .setEpoch(end.epoch())
                .setEnd(end.endOffset())
                .build();
    }

    static Log.EpochEnd of(EpochEnd end) {
        return new Log.EpochEnd(end.getEpoch(), end.getEnd());
    }

    static ProduceAnswer of(ProduceOutcome outcome) {
        ProduceAnswer.Builder answer = ProduceAnswer.newBuilder();
        switch (outcome) {
            case ProduceOutcome.Appended a ->
                answer.setAppended(Appended.newBuilder()
                        .setBaseOffset(a.baseOffset())
                        .setLastOffset(a.lastOffset())
                        .setAppendTimeMs(a.logAppendTimeMs())
                        .setLogStart(a.logStartOffset())
                        .setDuplicate(a.duplicate()));
            case ProduceOutcome.Refused r -> {
                Refusal.Builder refusal =
                        Refusal.newBuilder().setFault(r.fault().name()).setDetail(r.detail());
                r.recordErrors()
                        .forEach(e -> refusal.addErrors(RecordError.newBuilder()
                                .setIndex(e.batchIndex())
                                .setDetail(e.detail())));
                answer.setRefused(refusal);
            }
            case ProduceOutcome.Unknown u -> answer.setUnknown(refusal(u.fault(), u.detail()));
        }
        return answer.build();
    }

    static ProduceOutcome of(ProduceAnswer answer) {
        return switch (answer.getOutcomeCase()) {
            case APPENDED -> {
                Appended a = answer.getAppended();
                yield new ProduceOutcome.Appended(
                        a.getBaseOffset(), a.getLastOffset(), a.getAppendTimeMs(), a.getLogStart(), a.getDuplicate());
            }
            case REFUSED ->
                new ProduceOutcome.Refused(
                        fault(answer.getRefused()),
                        answer.getRefused().getDetail(),
                        answer.getRefused().getErrorsList().stream()
                                .map(e -> new ProduceOutcome.RecordError(e.getIndex(), e.getDetail()))
                                .toList());
            case UNKNOWN ->
                new ProduceOutcome.Unknown(
                        fault(answer.getUnknown()), answer.getUnknown().getDetail());
            case OUTCOME_NOT_SET ->
                new ProduceOutcome.Unknown(Fault.OUTCOME_UNKNOWN, "The leader's answer cannot be read.");
        };
    }

    /** Takes the bytes out of the slice; the caller closes it. */
    static FetchResult of(FetchOutcome outcome) {
        FetchResult.Builder result = FetchResult.newBuilder();
        switch (outcome) {
            case FetchOutcome.Data(LogSlice slice, PartitionOffsets offsets, List<Log.AbortedTransaction> aborted) -> {
                Data.Builder data =
                        Data.newBuilder().setBaseOffset(slice.baseOffset()).setNextOffset(slice.nextOffset());
                if (!slice.isEmpty()) {
                    data.setBatches(ByteString.copyFrom(slice.toBuffer()));
                }
                aborted.forEach(a -> data.addAborted(Aborted.newBuilder()
                        .setProducerId(a.producerId())
                        .setFirst(a.firstOffset())
                        .setLast(a.lastOffset())
                        .setStable(a.lastStableOffset())));
                result.setData(data).setOffsets(of(offsets));
            }
            case FetchOutcome.Diverged d -> result.setDiverged(of(d.end())).setOffsets(of(d.offsets()));
            case FetchOutcome.Refused r ->
                result.setRefused(refusal(r.fault(), r.detail())).setOffsets(of(r.offsets()));
        }
        return result.build();
    }

    static FetchOutcome of(FetchResult result) {
        PartitionOffsets offsets = of(result.getOffsets());
        return switch (result.getOutcomeCase()) {
            case DATA ->
                new FetchOutcome.Data(
                        new ReceivedSlice(result.getData()),
                        offsets,
                        result.getData().getAbortedList().stream()
                                .map(a -> new Log.AbortedTransaction(
                                        a.getProducerId(), a.getFirst(), a.getLast(), a.getStable()))
                                .toList());
            case DIVERGED -> new FetchOutcome.Diverged(of(result.getDiverged()), offsets);
            case REFUSED ->
                new FetchOutcome.Refused(
                        fault(result.getRefused()), result.getRefused().getDetail(), offsets);
            case OUTCOME_NOT_SET ->
                new FetchOutcome.Refused(Fault.INTERNAL, "The leader's answer cannot be read.", offsets);
        };
    }
}
