package io.jofka.node.kafka.handler;

import io.jofka.node.broker.LeaderElections;
import io.jofka.node.kafka.Api;
import io.jofka.node.kafka.ApiTable;
import io.jofka.node.kafka.KafkaConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The one table of served APIs: what is here is announced, what is not here is not. */
public final class Handlers {
    private Handlers() {}

    public static ApiTable of(KafkaConfig config, Services services) {
        List<Api<?>> apis = new ArrayList<>();
        apis.addAll(data(config, services));
        apis.addAll(producersAndConsumers(services));
        apis.addAll(topics(config, services));
        apis.addAll(descriptions(config, services));
        apis.addAll(cluster(config, services));
        List<ApiKeys> keys = new ArrayList<>(apis.stream().map(Api::key).toList());
        keys.add(ApiKeys.API_VERSIONS);
        ApiVersionsHandler versions = new ApiVersionsHandler(keys, config.nodeId(), services.images());
        apis.add(new Api<ApiVersionsRequestData>(
                ApiKeys.API_VERSIONS,
                ApiVersionsHandler::read,
                versions::handle,
                "announces exactly this table; no features yet"));
        return new ApiTable(apis);
    }

    private static List<Api<?>> data(KafkaConfig config, Services services) {
        ProduceHandler produce = new ProduceHandler(services.produce(), services.images());
        FetchHandler fetch = new FetchHandler(services.fetch(), services.images(), config.limits());
        ListOffsetsHandler listOffsets = new ListOffsetsHandler(services.offsets(), services.images());
        MetadataHandler metadata = new MetadataHandler(config, services.images(), services.topics());
        return List.of(
                new Api<ProduceRequestData>(
                        ApiKeys.PRODUCE,
                        ProduceRequestData::new,
                        produce::handle,
                        "announced from version 0, as Kafka does, so that old clients compress; no transactions yet"),
                new Api<FetchRequestData>(
                        ApiKeys.FETCH,
                        FetchRequestData::new,
                        fetch::handle,
                        true,
                        "no fetch sessions (session id is always 0); no fetch by replicas; no rack choice"),
                new Api<ListOffsetsRequestData>(
                        ApiKeys.LIST_OFFSETS,
                        ListOffsetsRequestData::new,
                        listOffsets::handle,
                        "no tiered storage: -4 is the earliest offset, -5 and -6 have none"),
                new Api<MetadataRequestData>(
                        ApiKeys.METADATA,
                        MetadataRequestData::new,
                        metadata::handle,
                        "creates missing topics when allowed by client and node"));
    }

    private static List<Api<?>> producersAndConsumers(Services services) {
        return List.of(
                new Api<FindCoordinatorRequestData>(
                        ApiKeys.FIND_COORDINATOR,
                        FindCoordinatorRequestData::new,
                        new FindCoordinatorHandler()::handle,
                        "no coordinators yet: groups are told to retry, transactions that they are not served"),
                new Api<InitProducerIdRequestData>(
                        ApiKeys.INIT_PRODUCER_ID,
                        InitProducerIdRequestData::new,
                        new InitProducerIdHandler(services.producerIds())::handle,
                        "idempotent producers only"),
                new Api<OffsetForLeaderEpochRequestData>(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        OffsetForLeaderEpochRequestData::new,
                        new OffsetForLeaderEpochHandler(services.offsets(), services.images())::handle,
                        ""),
                new Api<DeleteRecordsRequestData>(
                        ApiKeys.DELETE_RECORDS,
                        DeleteRecordsRequestData::new,
                        new DeleteRecordsHandler(services.offsets(), services.images())::handle,
                        ""));
    }

    private static List<Api<?>> topics(KafkaConfig config, Services services) {
        ConfigTexts configs = new ConfigTexts(services.configs(), services.images());
        return List.of(
                new Api<CreateTopicsRequestData>(
                        ApiKeys.CREATE_TOPICS,
                        CreateTopicsRequestData::new,
                        new CreateTopicsHandler(services.topics(), config.limits(), configs)::handle,
                        ""),
                new Api<DeleteTopicsRequestData>(
                        ApiKeys.DELETE_TOPICS,
                        DeleteTopicsRequestData::new,
                        new DeleteTopicsHandler(services.topics(), config.limits())::handle,
                        ""),
                new Api<CreatePartitionsRequestData>(
                        ApiKeys.CREATE_PARTITIONS,
                        CreatePartitionsRequestData::new,
                        new CreatePartitionsHandler(services.topics(), config.limits())::handle,
                        ""),
                new Api<IncrementalAlterConfigsRequestData>(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        IncrementalAlterConfigsRequestData::new,
                        new IncrementalAlterConfigsHandler(services.topics(), config.limits())::handle,
                        "topics and brokers"));
    }

    private static List<Api<?>> descriptions(KafkaConfig config, Services services) {
        ConfigTexts configs = new ConfigTexts(services.configs(), services.images());
        return List.of(
                new Api<DescribeConfigsRequestData>(
                        ApiKeys.DESCRIBE_CONFIGS,
                        DescribeConfigsRequestData::new,
                        new DescribeConfigsHandler(configs, services.images(), config.nodeId())::handle,
                        "topics and brokers"),
                new Api<DescribeLogDirsRequestData>(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        DescribeLogDirsRequestData::new,
                        new DescribeLogDirsHandler(services.replicas(), services.images())::handle,
                        "one log directory a node"),
                new Api<DescribeClusterRequestData>(
                        ApiKeys.DESCRIBE_CLUSTER,
                        DescribeClusterRequestData::new,
                        new DescribeClusterHandler(services.images(), config.nodeId())::handle,
                        "brokers only"),
                new Api<DescribeTopicPartitionsRequestData>(
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        DescribeTopicPartitionsRequestData::new,
                        new DescribeTopicPartitionsHandler(services.images())::handle,
                        "at most 2000 partitions a page"));
    }

    private static List<Api<?>> cluster(KafkaConfig config, Services services) {
        LeaderElections elections = new LeaderElections(services.cluster(), services.images(), services.replicas());
        return List.of(
                new Api<ElectLeadersRequestData>(
                        ApiKeys.ELECT_LEADERS,
                        ElectLeadersRequestData::new,
                        new ElectLeadersHandler(elections, config.limits())::handle,
                        "an unclean election takes the living replica that has most"),
                new Api<AlterPartitionReassignmentsRequestData>(
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        AlterPartitionReassignmentsRequestData::new,
                        new AlterPartitionReassignmentsHandler(services.cluster(), services.images(), config.limits())
                                ::handle,
                        ""),
                new Api<ListPartitionReassignmentsRequestData>(
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        ListPartitionReassignmentsRequestData::new,
                        new ListPartitionReassignmentsHandler(services.images())::handle,
                        ""),
                new Api<DescribeQuorumRequestData>(
                        ApiKeys.DESCRIBE_QUORUM,
                        DescribeQuorumRequestData::new,
                        new DescribeQuorumHandler(services.quorum(), services.images(), services.clock())::handle,
                        "as the leader of the quorum sees it; endpoints are those of the internal network"));
    }
}
