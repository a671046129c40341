package io.jofka.node.broker.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.forward.proto.LookupAnswer;
import io.jofka.node.broker.forward.proto.LookupAsk;
import io.jofka.node.broker.forward.proto.Nothing;
import io.jofka.node.broker.forward.proto.PartitionIds;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.SegmentInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Describes what the leader of a partition keeps, at any node; directories are those of this node. Thread-safe. */
final class ClusterReplicas implements ReplicaDescriptions {
    private static final int TIMEOUT_MS = 3_000;

    private final int self;
    private final ReplicaDescriptions local;
    private final Leaders leaders;
    private final Net net;

    ClusterReplicas(int self, ReplicaDescriptions local, Leaders leaders, Net net) {
        this.self = self;
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

    @Override
    public List<Optional<Led>> led(List<TopicPartition> partitions) {
        Map<Integer, List<TopicPartition>> byLeader = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            byLeader.computeIfAbsent(leaders.of(partition), _ -> new ArrayList<>())
                    .add(partition);
        }
        Map<TopicPartition, Led> found = new HashMap<>();
        Map<Integer, CompletableFuture<byte[]>> calls = new HashMap<>();
        byLeader.forEach((leader, led) -> {
            if (leaders.isSelf(leader)) {
                put(found, led, local.led(led));
            } else {
                calls.put(leader, net.call(leader, Net.Call.LOOKUP, askLed(led), TIMEOUT_MS));
            }
        });
        calls.forEach((leader, call) -> {
            List<TopicPartition> led = byLeader.getOrDefault(leader, List.of());
            answer(call)
                    .filter(a -> a.getLed().getPartitionsCount() == led.size())
                    .ifPresent(a -> put(
                            found,
                            led,
                            a.getLed().getPartitionsList().stream()
                                    .map(Descriptions::of)
                                    .toList()));
        });
        return partitions.stream().map(p -> Optional.ofNullable(found.get(p))).toList();
    }

    private static byte[] askLed(List<TopicPartition> partitions) {
        PartitionIds.Builder ids = PartitionIds.newBuilder();
        partitions.forEach(partition -> ids.addPartitions(Wire.of(partition)));
        return about(partitions.getFirst()).setLed(ids).build().toByteArray();
    }

    private static void put(Map<TopicPartition, Led> into, List<TopicPartition> asked, List<Optional<Led>> answers) {
        for (int i = 0; i < asked.size(); i++) {
            TopicPartition partition = asked.get(i);
            answers.get(i).ifPresent(led -> into.put(partition, led));
        }
    }

    @Override
    public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
        if (node == self) {
            return local.logEnd(node, partition);
        }
        byte[] ask =
                about(partition).setLogEnd(Nothing.getDefaultInstance()).build().toByteArray();
        return net.call(node, Net.Call.LOOKUP, ask, TIMEOUT_MS)
                .thenApply(bytes ->
                        parse(bytes).filter(LookupAnswer::hasLogEnd).map(answer -> Descriptions.of(answer.getLogEnd())))
                .exceptionally(_ -> Optional.empty());
    }

    private static LookupAsk.Builder about(TopicPartition partition) {
        return LookupAsk.newBuilder().setPartition(Wire.of(partition)).setLeaderEpoch(-1);
    }

    private Optional<LookupAnswer> ask(int leader, LookupAsk.Builder ask) {
        return answer(net.call(leader, Net.Call.LOOKUP, ask.build().toByteArray(), TIMEOUT_MS));
    }

    private static Optional<LookupAnswer> answer(CompletableFuture<byte[]> call) {
        try {
            return parse(call.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            // a description is a moment's view: without the leader's, the own one has to do
            return Optional.empty();
        }
    }

    private static Optional<LookupAnswer> parse(byte[] bytes) {
        try {
            return Optional.of(LookupAnswer.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
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
