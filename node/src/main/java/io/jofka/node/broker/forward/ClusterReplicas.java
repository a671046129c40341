package io.jofka.node.broker.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.forward.proto.LookupAnswer;
import io.jofka.node.broker.forward.proto.LookupAsk;
import io.jofka.node.broker.forward.proto.Nothing;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.SegmentInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Describes what the leader of a partition keeps, at any node; directories are those of this node. Thread-safe. */
final class ClusterReplicas implements ReplicaDescriptions {
    private static final int TIMEOUT_MS = 3_000;

    private final ReplicaDescriptions local;
    private final Leaders leaders;
    private final Net net;

    ClusterReplicas(ReplicaDescriptions local, Leaders leaders, Net net) {
        this.local = local;
        this.leaders = leaders;
        this.net = net;
    }

    @Override
    public Optional<Replica> replica(TopicPartition partition) {
        int leader = leaders.of(partition);
        if (leaders.isSelf(leader)) {
            return local.replica(partition);
        }
        return ask(leader, about(partition).setReplica(Nothing.getDefaultInstance()))
                .filter(LookupAnswer::hasReplica)
                .map(answer -> replica(partition, answer.getReplica()))
                .or(() -> local.replica(partition));
    }

    @Override
    public List<Replica> replicas() {
        return local.replicas();
    }

    @Override
    public List<LogDirectory> directories() {
        return local.directories();
    }

    @Override
    public List<ProducerEntry> producers(TopicPartition partition) {
        int leader = leaders.of(partition);
        if (leaders.isSelf(leader)) {
            return local.producers(partition);
        }
        return ask(leader, about(partition).setProducers(Nothing.getDefaultInstance())).stream()
                .flatMap(answer -> answer.getProducers().getProducersList().stream())
                .map(p -> new ProducerEntry(
                        p.getId(),
                        (short) p.getEpoch(),
                        p.getLastSequence(),
                        p.getLastTimestampMs(),
                        p.getOpenTransactionStart()))
                .toList();
    }

    private static LookupAsk.Builder about(TopicPartition partition) {
        return LookupAsk.newBuilder().setPartition(Wire.of(partition)).setLeaderEpoch(-1);
    }

    private Optional<LookupAnswer> ask(int leader, LookupAsk.Builder ask) {
        try {
            return Optional.of(LookupAnswer.parseFrom(
                    net.call(leader, Net.Call.LOOKUP, ask.build().toByteArray(), TIMEOUT_MS)
                            .get()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | InvalidProtocolBufferException e) {
            // a description is a moment's view: without the leader's, the own one has to do
            return Optional.empty();
        }
    }

    private static Replica replica(TopicPartition partition, io.jofka.node.broker.forward.proto.Replica r) {
        return new Replica(
                partition,
                Wire.of(r.getOffsets()),
                r.getForced(),
                r.getSizeBytes(),
                r.getSegmentsList().stream()
                        .map(s -> new SegmentInfo(
                                s.getBaseOffset(),
                                s.getEndOffset(),
                                s.getSizeBytes(),
                                s.getMaxTimestampMs(),
                                s.getActive()))
                        .toList(),
                r.getOfflineReason());
    }
}
