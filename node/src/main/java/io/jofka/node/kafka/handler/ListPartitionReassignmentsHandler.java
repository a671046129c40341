package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;

/** ListPartitionReassignments: the moves that are under way, by this node's image (KIP-455). */
final class ListPartitionReassignmentsHandler {
    private final Images images;

    ListPartitionReassignmentsHandler(Images images) {
        this.images = images;
    }

    Reply handle(ListPartitionReassignmentsRequestData request, Call call) {
        ClusterImage image = images.current();
        List<OngoingTopicReassignment> topics = new ArrayList<>();
        if (request.topics() == null) {
            image.topics().forEach(topic -> add(topics, topic, partition -> true));
        } else {
            for (ListPartitionReassignmentsTopics asked : request.topics()) {
                Set<Integer> wanted = new HashSet<>(asked.partitionIndexes());
                image.topic(asked.name()).ifPresent(topic -> add(topics, topic, wanted::contains));
            }
        }
        return new Reply.Now(new ListPartitionReassignmentsResponseData().setTopics(topics));
    }

    private static void add(List<OngoingTopicReassignment> topics, TopicImage topic, IntPredicate wanted) {
        List<OngoingPartitionReassignment> partitions = new ArrayList<>();
        for (PartitionImage partition : topic.partitions()) {
            if (partition.isMoving() && wanted.test(partition.partition())) {
                partitions.add(new OngoingPartitionReassignment()
                        .setPartitionIndex(partition.partition())
                        .setReplicas(partition.replicas())
                        .setAddingReplicas(partition.adding())
                        .setRemovingReplicas(partition.removing()));
            }
        }
        if (!partitions.isEmpty()) {
            topics.add(new OngoingTopicReassignment().setName(topic.name()).setPartitions(partitions));
        }
    }
}
