package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Builds one produce response from outcomes, in the order of the request. Owned by one thread. */
final class ProduceAnswer {
    private static final short FIRST_VERSION_WITH_LEADERS = 10;

    private final short version;
    private final short acks;
    private final ProduceResponseData response = new ProduceResponseData();
    private int currentTopic = -1;
    private List<PartitionProduceResponse> current = new ArrayList<>(1);
    private @Nullable String failure;

    ProduceAnswer(short version, short acks) {
        this.version = version;
        this.acks = acks;
    }

    ProduceResponseData response() {
        return response;
    }

    /** The first refusal, in words. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    void add(ProduceHandler.Slot slot, Images images) {
        if (slot.topicIndex() != currentTopic) {
            currentTopic = slot.topicIndex();
            current = new ArrayList<>(1);
            response.responses()
                    .add(new TopicProduceResponse()
                            .setName(slot.topic().name())
                            .setTopicId(slot.topic().topicId())
                            .setPartitionResponses(current));
        }
        PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(slot.partition());
        current.add(answer);
        switch (slot.outcome().resultNow()) {
            case ProduceOutcome.Appended appended ->
                answer.setBaseOffset(appended.baseOffset())
                        .setLogAppendTimeMs(appended.logAppendTimeMs())
                        .setLogStartOffset(appended.logStartOffset());
            case ProduceOutcome.Refused refused -> {
                fail(answer, refused.fault(), refused.detail());
                for (var error : refused.recordErrors()) {
                    answer.recordErrors()
                            .add(new BatchIndexAndErrorMessage()
                                    .setBatchIndex(error.batchIndex())
                                    .setBatchIndexErrorMessage(error.detail()));
                }
                leader(slot, answer, images.current());
            }
            case ProduceOutcome.Unknown unknown -> fail(answer, unknown.fault(), unknown.detail());
        }
    }

    private void fail(PartitionProduceResponse answer, Fault fault, String detail) {
        Errors error = acks < -1 || acks > 1 ? Errors.INVALID_REQUIRED_ACKS : KafkaErrors.forProduce(fault);
        answer.setErrorCode(error.code()).setErrorMessage(detail).setBaseOffset(-1);
        if (failure == null) {
            failure = error.name() + ": " + detail;
        }
    }

    /** Tells where the leader is, so that the client needs no metadata request (KIP-951). */
    private void leader(ProduceHandler.Slot slot, PartitionProduceResponse answer, ClusterImage image) {
        if (version < FIRST_VERSION_WITH_LEADERS || answer.errorCode() != Errors.NOT_LEADER_OR_FOLLOWER.code()) {
            return;
        }
        Optional<TopicImage> topic = image.topic(slot.topic().name())
                .or(() -> image.topic(Ids.of(slot.topic().topicId())))
                .filter(known -> slot.partition() < known.partitions().size());
        if (topic.isEmpty()) {
            return;
        }
        var partition = topic.get().partitions().get(slot.partition());
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
