package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.storage.Log;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;

/** OffsetForLeaderEpoch: where an epoch ends, so that a consumer can see that what it read was cut off (KIP-320). */
final class OffsetForLeaderEpochHandler {
    private final OffsetService service;
    private final Images images;

    OffsetForLeaderEpochHandler(OffsetService service, Images images) {
        this.service = service;
        this.images = images;
    }

    Reply handle(OffsetForLeaderEpochRequestData request, Call call) {
        ClusterImage image = images.current();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (var topic : request.topics()) {
            Optional<TopicImage> known = image.topic(topic.topic());
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                answers.partitions().add(answer(known, partition));
            }
            response.topics().add(answers);
        }
        return new Reply.Now(response);
    }

    private EpochEndOffset answer(Optional<TopicImage> topic, OffsetForLeaderPartition partition) {
        EpochEndOffset answer = new EpochEndOffset().setPartition(partition.partition());
        Optional<TopicPartition> where = Partitions.find(topic, partition.partition());
        if (where.isEmpty()) {
            return answer.setErrorCode(
                    KafkaErrors.forFetch(Fault.UNKNOWN_TOPIC_OR_PARTITION).code());
        }
        int current = Math.max(-1, partition.currentLeaderEpoch());
        switch (service.endOffsetFor(where.get(), partition.leaderEpoch(), current)) {
            case Result.Ok<Log.EpochEnd>(Log.EpochEnd(int epoch, long endOffset)) ->
                answer.setLeaderEpoch(epoch).setEndOffset(endOffset);
            case Result.Refused<Log.EpochEnd>(Fault fault, String detail) ->
                answer.setErrorCode(KafkaErrors.forFetch(fault).code());
        }
        return answer;
    }
}
