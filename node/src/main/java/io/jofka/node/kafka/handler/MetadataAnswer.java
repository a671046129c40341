package io.jofka.node.kafka.handler;

import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Builds one metadata response for the version asked. Owned by one thread. */
final class MetadataAnswer {
    private static final short FIRST_CLUSTER_OPERATIONS = 8;
    private static final short LAST_CLUSTER_OPERATIONS = 10;
    private static final short FIRST_VERSION_WITHOUT_NAME = 12;

    private final ClusterImage image;
    private final short version;
    private final int topicOperations;
    private final MetadataResponseData response = new MetadataResponseData();

    MetadataAnswer(ClusterImage image, MetadataRequestData request, short version, int nodeId) {
        this.image = image;
        this.version = version;
        this.topicOperations = version >= FIRST_CLUSTER_OPERATIONS && request.includeTopicAuthorizedOperations()
                ? Operations.TOPIC
                : Operations.OMITTED;
        for (Brokers.Broker broker : Brokers.all(image, false)) {
            response.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(broker.id())
                            .setHost(broker.host())
                            .setPort(broker.port())
                            .setRack(broker.rack()));
        }
        response.setClusterId(image.clusterId()).setControllerId(Brokers.controller(image, nodeId));
        boolean clusterOperations = version >= FIRST_CLUSTER_OPERATIONS
                && version <= LAST_CLUSTER_OPERATIONS
                && request.includeClusterAuthorizedOperations();
        if (clusterOperations) {
            response.setClusterAuthorizedOperations(Operations.CLUSTER);
        }
    }

    MetadataResponseData build() {
        return response;
    }

    void addTopic(TopicImage topic) {
        MetadataResponseTopic answer = new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(Ids.of(topic.id()))
                .setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(topicOperations);
        for (PartitionImage partition : topic.partitions()) {
            boolean reachable = Brokers.alive(image, partition.leader()).isPresent();
            answer.partitions()
                    .add(new MetadataResponsePartition()
                            .setErrorCode((reachable ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                            .setPartitionIndex(partition.partition())
                            .setLeaderId(reachable ? partition.leader() : -1)
                            .setLeaderEpoch(partition.leaderEpoch())
                            .setReplicaNodes(partition.replicas())
                            .setIsrNodes(partition.isr())
                            .setOfflineReplicas(Brokers.offline(image, partition.replicas())));
        }
        response.topics().add(answer);
    }

    void addError(String name, Errors error) {
        response.topics()
                .add(new MetadataResponseTopic()
                        .setName(name)
                        .setErrorCode(error.code())
                        .setTopicAuthorizedOperations(topicOperations));
    }

    void addUnknownId(Uuid id) {
        response.topics()
                .add(new MetadataResponseTopic()
                        .setName(version >= FIRST_VERSION_WITHOUT_NAME ? null : "")
                        .setTopicId(id)
                        .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
    }
}
