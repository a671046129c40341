package io.jofka.node.kafka.handler;

import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.ReplicaDescriptions.LogDirectory;
import io.jofka.node.broker.ReplicaDescriptions.Replica;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;

/** DescribeLogDirs: sizes of the replicas on this node. Replicas are shown under the first online directory. */
final class DescribeLogDirsHandler {
    private final ReplicaDescriptions replicas;
    private final Images images;

    DescribeLogDirsHandler(ReplicaDescriptions replicas, Images images) {
        this.replicas = replicas;
        this.images = images;
    }

    Reply handle(DescribeLogDirsRequestData request, Call call) {
        DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
        List<DescribeLogDirsTopic> topics = topics(request);
        for (LogDirectory directory : replicas.directories()) {
            DescribeLogDirsResult result = new DescribeLogDirsResult()
                    .setLogDir(directory.path().toString())
                    .setErrorCode((directory.online() ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR).code())
                    .setTotalBytes(directory.totalBytes())
                    .setUsableBytes(directory.usableBytes());
            if (directory.online()) {
                result.setTopics(topics);
                topics = List.of();
            }
            response.results().add(result);
        }
        return new Reply.Now(response);
    }

    private List<DescribeLogDirsTopic> topics(DescribeLogDirsRequestData request) {
        ClusterImage image = images.current();
        Map<String, List<Integer>> wanted = new HashMap<>();
        if (request.topics() != null) {
            request.topics().forEach(topic -> wanted.put(topic.topic(), topic.partitions()));
        }
        Map<String, DescribeLogDirsTopic> byName = new TreeMap<>();
        for (Replica replica : replicas.replicas()) {
            int partition = replica.partition().partition();
            Optional<String> name = image.topic(replica.partition().topicId()).map(TopicImage::name);
            boolean asked = name.isPresent()
                    && (request.topics() == null
                            || wanted.getOrDefault(name.get(), List.of()).contains(partition));
            if (asked) {
                byName.computeIfAbsent(name.get(), key -> new DescribeLogDirsTopic().setName(key))
                        .partitions()
                        .add(new DescribeLogDirsPartition()
                                .setPartitionIndex(partition)
                                .setPartitionSize(replica.sizeBytes()));
            }
        }
        return new ArrayList<>(byName.values());
    }
}
