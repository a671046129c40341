package io.jofka.node.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** For each API and version: a request with everything in it that the version has, one that is refused, one of defaults. */
final class Samples {
    private final FakeCluster cluster;

    Samples(FakeCluster cluster) {
        this.cluster = cluster;
    }

    static ApiMessage defaults(ApiKeys key) {
        ApiMessage message = ApiMessageType.fromApiKey(key.id).newRequest();
        if (message instanceof ApiVersionsRequestData versions) {
            versions.setClientSoftwareName("a").setClientSoftwareVersion("1");
        }
        return message;
    }

    /** {@code topic} exists for a good request and does not for a refused one. */
    ApiMessage of(ApiKeys key, int version, String topic) {
        return switch (key) {
            case PRODUCE -> PlainData.produce(cluster, topic, 0, -1, PlainData.records("one", "two"));
            case FETCH -> PlainData.fetch(cluster, topic, 0, 0, 0).setIsolationLevel((byte) 1);
            case LIST_OFFSETS -> PlainData.listOffsets(topic, 0, version % 2 == 0 ? -1 : 5);
            case METADATA ->
                new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestTopic().setName(topic)))
                        .setAllowAutoTopicCreation(version < 4)
                        .setIncludeTopicAuthorizedOperations(version >= 8)
                        .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10);
            case API_VERSIONS ->
                new ApiVersionsRequestData().setClientSoftwareName("sweep").setClientSoftwareVersion("1.0");
            case FIND_COORDINATOR -> {
                var find = new FindCoordinatorRequestData().setKeyType((byte) (version >= 1 ? 1 : 0));
                yield version >= 4 ? find.setCoordinatorKeys(List.of(topic, "other")) : find.setKey(topic);
            }
            case INIT_PRODUCER_ID ->
                new InitProducerIdRequestData()
                        .setTransactionalId(topic.equals("t") ? null : topic)
                        .setTransactionTimeoutMs(1000)
                        .setProducerId(version >= 3 ? 7 : -1)
                        .setProducerEpoch((short) (version >= 3 ? 1 : -1));
            case OFFSET_FOR_LEADER_EPOCH -> {
                var topics = new OffsetForLeaderTopicCollection();
                topics.add(new OffsetForLeaderTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new OffsetForLeaderPartition()
                                .setPartition(0)
                                .setLeaderEpoch(0)
                                .setCurrentLeaderEpoch(0))));
                yield new OffsetForLeaderEpochRequestData().setTopics(topics);
            }
            default -> admin(key, version, topic);
        };
    }

    private ApiMessage admin(ApiKeys key, int version, String topic) {
        return switch (key) {
            case CREATE_TOPICS -> {
                var request = new CreateTopicsRequestData().setValidateOnly(true);
                var configs = new CreateTopicsRequestData.CreatableTopicConfigCollection();
                configs.add(new CreatableTopicConfig()
                        .setName(topic.equals("t") ? "retention.ms" : "no.such.config")
                        .setValue("1000"));
                request.topics()
                        .add(new CreatableTopic()
                                .setName(topic + "-new")
                                .setNumPartitions(3)
                                .setReplicationFactor((short) 1)
                                .setConfigs(configs));
                yield request;
            }
            case DELETE_TOPICS -> {
                var delete = new DeleteTopicsRequestData().setTimeoutMs(100);
                String name = topic.equals("t") ? "throw-away" : topic;
                cluster.add("throw-away", 1, Map.of());
                yield version >= 6
                        ? delete.setTopics(List.of(
                                new DeleteTopicState().setName(name),
                                new DeleteTopicState().setTopicId(PlainData.id(cluster, "none"))))
                        : delete.setTopicNames(List.of(name));
            }
            case DELETE_RECORDS ->
                new DeleteRecordsRequestData()
                        .setTimeoutMs(100)
                        .setTopics(List.of(new DeleteRecordsTopic()
                                .setName(topic)
                                .setPartitions(List.of(new DeleteRecordsPartition()
                                        .setPartitionIndex(0)
                                        .setOffset(0)))));
            case CREATE_PARTITIONS -> {
                var request = new CreatePartitionsRequestData().setTimeoutMs(100);
                request.topics()
                        .add(new CreatePartitionsTopic()
                                .setName(topic)
                                .setCount(1)
                                .setAssignments(null));
                yield request;
            }
            default -> descriptions(key, version, topic);
        };
    }

    private static ApiMessage descriptions(ApiKeys key, int version, String topic) {
        return switch (key) {
            case DESCRIBE_CONFIGS ->
                new DescribeConfigsRequestData()
                        .setIncludeSynonyms(true)
                        .setIncludeDocumentation(version >= 3)
                        .setResources(List.of(
                                new DescribeConfigsResource()
                                        .setResourceType((byte) 2)
                                        .setResourceName(topic)
                                        .setConfigurationKeys(null),
                                new DescribeConfigsResource()
                                        .setResourceType((byte) 4)
                                        .setResourceName(topic.equals("t") ? "1" : "77")));
            case INCREMENTAL_ALTER_CONFIGS -> {
                var request = new IncrementalAlterConfigsRequestData();
                var resource =
                        new AlterConfigsResource().setResourceType((byte) 2).setResourceName(topic);
                resource.configs()
                        .add(new AlterableConfig()
                                .setName(topic.equals("t") ? "retention.ms" : "no.such.config")
                                .setConfigOperation((byte) 0)
                                .setValue("5"));
                request.resources().add(resource);
                yield request;
            }
            case DESCRIBE_LOG_DIRS -> {
                var topics = new DescribeLogDirsRequestData.DescribableLogDirTopicCollection();
                topics.add(new DescribeLogDirsRequestData.DescribableLogDirTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(0)));
                yield new DescribeLogDirsRequestData().setTopics(topic.equals("t") ? topics : null);
            }
            case DESCRIBE_CLUSTER ->
                new DescribeClusterRequestData()
                        .setIncludeClusterAuthorizedOperations(true)
                        .setIncludeFencedBrokers(version >= 2)
                        .setEndpointType((byte) (version >= 1 && !topic.equals("t") ? 2 : 1));
            case DESCRIBE_TOPIC_PARTITIONS ->
                new DescribeTopicPartitionsRequestData()
                        .setResponsePartitionLimit(1)
                        .setTopics(List.of(new TopicRequest().setName(topic), new TopicRequest().setName("a")));
            default -> cluster(key, version, topic);
        };
    }

    private static ApiMessage cluster(ApiKeys key, int version, String topic) {
        return switch (key) {
            case ELECT_LEADERS -> {
                var topics = new ElectLeadersRequestData.TopicPartitionsCollection();
                topics.add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(topic)
                        .setPartitions(List.of(0, 1)));
                yield new ElectLeadersRequestData()
                        .setElectionType((byte) (version >= 1 ? 1 : 0))
                        .setTopicPartitions(topics)
                        .setTimeoutMs(100);
            }
            case ALTER_PARTITION_REASSIGNMENTS ->
                new AlterPartitionReassignmentsRequestData()
                        .setTimeoutMs(100)
                        .setTopics(List.of(new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                                .setName(topic)
                                .setPartitions(List.of(
                                        new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                .setPartitionIndex(0)
                                                .setReplicas(List.of(1)),
                                        new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                .setPartitionIndex(1)
                                                .setReplicas(null)))));
            case LIST_PARTITION_REASSIGNMENTS ->
                new ListPartitionReassignmentsRequestData()
                        .setTimeoutMs(100)
                        .setTopics(List.of(new ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics()
                                .setName(topic)
                                .setPartitionIndexes(List.of(0))));
            case DESCRIBE_QUORUM ->
                new DescribeQuorumRequestData()
                        .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                .setTopicName(topic.equals("t") ? "__cluster_metadata" : topic)
                                .setPartitions(
                                        List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));
            default -> throw new IllegalStateException("no sample for " + key + ": add one");
        };
    }
}
