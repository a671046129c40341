package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.kafka.Reply;
import io.jofka.node.kafka.SliceRecords;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Builds one fetch response from outcomes, in the order of the request. Owned by one thread. */
final class FetchAnswer {
    private static final short FIRST_VERSION_WITH_DIVERGENCE = 12;
    private static final short FIRST_VERSION_WITH_ENDPOINTS = 16;

    private final Isolation isolation;
    private final short version;
    private final ClusterImage image;
    private final FetchResponseData response = new FetchResponseData();
    private final List<SliceRecords> slices = new ArrayList<>();

    /** One partition of the request: the index of its outcome, or -1 and the refusal found before asking. */
    record Slot(int topicIndex, FetchTopic topic, FetchPartition partition, int outcome, FetchOutcome refusal) {
        static Slot asked(int topicIndex, FetchTopic topic, FetchPartition partition, int outcome) {
            return new Slot(topicIndex, topic, partition, outcome, refused(Fault.INTERNAL));
        }

        static Slot unknown(int topicIndex, FetchTopic topic, FetchPartition partition, Fault fault) {
            return new Slot(topicIndex, topic, partition, -1, refused(fault));
        }

        private static FetchOutcome refused(Fault fault) {
            return new FetchOutcome.Refused(fault, "", PartitionOffsets.UNKNOWN);
        }
    }

    private FetchAnswer(Isolation isolation, short version, ClusterImage image) {
        this.isolation = isolation;
        this.version = version;
        this.image = image;
    }

    /** Owns the slices from the call on: they are in the reply, or closed when this throws. */
    static Reply of(
            List<Slot> slots, List<FetchOutcome> outcomes, Isolation isolation, short version, ClusterImage image) {
        FetchAnswer answer = new FetchAnswer(isolation, version, image);
        boolean built = false;
        try {
            answer.build(slots, outcomes);
            built = true;
            return new Reply.WithSlices(answer.response, answer.slices);
        } finally {
            if (!built) {
                answer.slices.forEach(SliceRecords::close);
                closeRest(outcomes, answer.slices.size());
            }
        }
    }

    /** Slices not taken over yet; each data outcome takes one, in order. */
    private static void closeRest(List<FetchOutcome> outcomes, int taken) {
        int seen = 0;
        for (FetchOutcome outcome : outcomes) {
            if (outcome instanceof FetchOutcome.Data data && seen++ >= taken) {
                data.slice().close();
            }
        }
    }

    private void build(List<Slot> slots, List<FetchOutcome> outcomes) {
        int currentTopic = -1;
        List<PartitionData> current = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.topicIndex() != currentTopic) {
                currentTopic = slot.topicIndex();
                current = new ArrayList<>(slot.topic().partitions().size());
                response.responses()
                        .add(new FetchableTopicResponse()
                                .setTopic(slot.topic().topic())
                                .setTopicId(slot.topic().topicId())
                                .setPartitions(current));
            }
            current.add(partition(slot, slot.outcome() < 0 ? slot.refusal() : outcomes.get(slot.outcome())));
        }
    }

    private PartitionData partition(Slot slot, FetchOutcome outcome) {
        PartitionData answer = new PartitionData()
                .setPartitionIndex(slot.partition().partition())
                .setRecords(MemoryRecords.EMPTY);
        switch (outcome) {
            case FetchOutcome.Data data -> {
                SliceRecords records = new SliceRecords(data.slice());
                slices.add(records);
                positions(answer, data.offsets()).setRecords(records);
                if (isolation == Isolation.READ_COMMITTED) {
                    answer.setAbortedTransactions(data.aborted().stream()
                            .map(aborted -> new AbortedTransaction()
                                    .setProducerId(aborted.producerId())
                                    .setFirstOffset(aborted.firstOffset()))
                            .toList());
                }
            }
            case FetchOutcome.Diverged diverged -> {
                positions(answer, diverged.offsets());
                if (version >= FIRST_VERSION_WITH_DIVERGENCE) {
                    answer.setDivergingEpoch(new EpochEndOffset()
                            .setEpoch(diverged.end().epoch())
                            .setEndOffset(diverged.end().endOffset()));
                }
            }
            case FetchOutcome.Refused refused -> {
                Errors error = KafkaErrors.forFetch(refused.fault());
                positions(answer, refused.offsets()).setErrorCode(error.code());
                leader(slot, answer, error);
            }
        }
        return answer;
    }

    private static PartitionData positions(PartitionData answer, PartitionOffsets offsets) {
        return answer.setHighWatermark(offsets.highWatermark())
                .setLastStableOffset(offsets.lastStableOffset())
                .setLogStartOffset(offsets.logStartOffset());
    }

    /** Tells where the leader is, so that the client needs no metadata request (KIP-951). */
    private void leader(Slot slot, PartitionData answer, Errors error) {
        boolean moved = error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
        if (version < FIRST_VERSION_WITH_ENDPOINTS || !moved) {
            return;
        }
        Optional<TopicImage> topic = image.topic(Ids.of(slot.topic().topicId()))
                .filter(known -> answer.partitionIndex() < known.partitions().size());
        if (topic.isEmpty()) {
            return;
        }
        var partition = topic.get().partitions().get(answer.partitionIndex());
        Brokers.alive(image, partition.leader()).ifPresent(broker -> {
            answer.setCurrentLeader(
                    new LeaderIdAndEpoch().setLeaderId(partition.leader()).setLeaderEpoch(partition.leaderEpoch()));
            if (response.nodeEndpoints().find(broker.id()) == null) {
                response.nodeEndpoints()
                        .add(new NodeEndpoint()
                                .setNodeId(broker.id())
                                .setHost(broker.host())
                                .setPort(broker.port())
                                .setRack(broker.rack()));
            }
        });
    }
}
