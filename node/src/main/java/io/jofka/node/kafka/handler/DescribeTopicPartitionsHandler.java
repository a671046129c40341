package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTopicPartitions (KIP-966): topics in the order of names, page by page; the cursor is where the next begins. */
final class DescribeTopicPartitionsHandler {
    private static final int MAX_PARTITIONS = 2000;

    private final Images images;

    DescribeTopicPartitionsHandler(Images images) {
        this.images = images;
    }

    Reply handle(DescribeTopicPartitionsRequestData request, Call call) {
        ClusterImage image = images.current();
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        var cursor = request.cursor();
        String fromTopic = cursor == null ? "" : cursor.topicName();
        int fromPartition = cursor == null ? 0 : Math.max(0, cursor.partitionIndex());
        boolean all = request.topics().isEmpty();
        TreeSet<String> names = new TreeSet<>();
        if (all) {
            image.topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().stream().map(TopicRequest::name).forEach(names::add);
        }
        int room = Math.clamp(request.responsePartitionLimit(), 1, MAX_PARTITIONS);
        for (String name : names.tailSet(fromTopic)) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            int first = name.equals(fromTopic) ? fromPartition : 0;
            Optional<TopicImage> topic = image.topic(name);
            if (topic.isEmpty()) {
                response.topics().add(unknown(name));
                room--;
                continue;
            }
            List<PartitionImage> partitions = topic.get().partitions();
            int end = Math.min(partitions.size(), first + room);
            response.topics().add(describe(image, topic.get(), Math.min(first, end), end));
            room -= Math.max(1, end - first);
            if (end < partitions.size()) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
                break;
            }
        }
        return new Reply.Now(response);
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        Errors error = Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        return new DescribeTopicPartitionsResponseTopic()
                .setName(name)
                .setErrorCode(error.code())
                .setTopicAuthorizedOperations(Operations.OMITTED);
    }

    private static DescribeTopicPartitionsResponseTopic describe(
            ClusterImage image, TopicImage topic, int first, int end) {
        DescribeTopicPartitionsResponseTopic answer = new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(Ids.of(topic.id()))
                .setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(Operations.TOPIC);
        for (PartitionImage partition : topic.partitions().subList(first, end)) {
            boolean reachable = Brokers.alive(image, partition.leader()).isPresent();
            answer.partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .setErrorCode((reachable ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                            .setPartitionIndex(partition.partition())
                            .setLeaderId(reachable ? partition.leader() : -1)
                            .setLeaderEpoch(partition.leaderEpoch())
                            .setReplicaNodes(partition.replicas())
                            .setIsrNodes(partition.isr())
                            .setEligibleLeaderReplicas(partition.eligible())
                            .setLastKnownElr(List.of())
                            .setOfflineReplicas(Brokers.offline(image, partition.replicas())));
        }
        return answer;
    }
}
