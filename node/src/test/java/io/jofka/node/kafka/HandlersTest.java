package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HandlersTest {
    private TestNode node;
    private Wire wire;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode();
        node.cluster.add("t", 2, Map.of("retention.ms", "1000"));
        wire = node.connect();
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        node.close();
    }

    @Test
    void listOffsetsKnowsTheSpecialTimesOfEachVersion() throws IOException {
        wire.call(ApiKeys.PRODUCE, 9, PlainData.produce(node.cluster, "t", 0, 1, PlainData.records("a", "b")));
        assertThat(offset(11, -1), is(List.of(0L, 2L, -1L)));
        assertThat(offset(11, -2), is(List.of(0L, 0L, -1L)));
        assertThat(offset(11, -3), is(List.of(0L, 0L, 19L)));
        assertThat(offset(11, -4), is(List.of(0L, 0L, -1L)));
        assertThat(offset(11, -5), is(List.of(0L, -1L, -1L)));
        assertThat(offset(11, -6), is(List.of(0L, -1L, -1L)));
        assertThat(offset(11, 7), is(List.of(0L, 0L, 20L)));
        long unsupported = Errors.UNSUPPORTED_VERSION.code();
        assertThat(offset(6, -3), is(List.of(unsupported, -1L, -1L)));
        assertThat(offset(7, -4), is(List.of(unsupported, -1L, -1L)));
        assertThat(offset(8, -5), is(List.of(unsupported, -1L, -1L)));
        assertThat(offset(10, -6), is(List.of(unsupported, -1L, -1L)));
        assertThat(offset(11, -7), is(List.of(unsupported, -1L, -1L)));
    }

    private List<Long> offset(int version, long timestamp) throws IOException {
        var answer = wire.call(
                        ListOffsetsResponseData.class,
                        ApiKeys.LIST_OFFSETS,
                        version,
                        PlainData.listOffsets("t", 0, timestamp))
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        return List.of((long) answer.errorCode(), answer.offset(), answer.timestamp());
    }

    @Test
    void metadataFindsTopicsByIdAndSaysWhichIdIsUnknown() throws IOException {
        Uuid id = PlainData.id(node.cluster, "t");
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(
                        new MetadataRequestTopic().setName(null).setTopicId(id),
                        new MetadataRequestTopic().setName(null).setTopicId(new Uuid(5, 5)),
                        new MetadataRequestTopic().setName("bad/name")));
        MetadataResponseData answer = wire.call(MetadataResponseData.class, ApiKeys.METADATA, 13, request);
        List<Short> errors = new ArrayList<>();
        answer.topics().forEach(topic -> errors.add(topic.errorCode()));
        assertThat(errors, contains((short) 0, Errors.UNKNOWN_TOPIC_ID.code(), Errors.INVALID_TOPIC_EXCEPTION.code()));
        assertThat(answer.topics().find("t").partitions(), hasSize(2));
        assertThat(answer.clusterId(), is("test-cluster-id-000000"));
    }

    @Test
    void metadataOfAllTopicsIsNullOrInVersionZeroTheEmptyList() throws IOException {
        MetadataRequestData none = new MetadataRequestData().setTopics(List.of());
        assertThat(
                wire.call(MetadataResponseData.class, ApiKeys.METADATA, 0, none).topics(), hasSize(1));
        assertThat(
                wire.call(MetadataResponseData.class, ApiKeys.METADATA, 1, none).topics(), hasSize(0));
        MetadataRequestData all = new MetadataRequestData().setTopics(null);
        assertThat(
                wire.call(MetadataResponseData.class, ApiKeys.METADATA, 1, all).topics(), hasSize(1));
    }

    @Test
    void aFetchSessionIsNeverOpenedAndNeverFound() throws IOException {
        var full = PlainData.fetch(node.cluster, "t", 0, 0, 0).setSessionEpoch(0);
        FetchResponseData answer = wire.call(FetchResponseData.class, ApiKeys.FETCH, 13, full);
        assertThat(answer.sessionId(), is(0));
        full.setSessionId(5).setSessionEpoch(1);
        answer = wire.call(FetchResponseData.class, ApiKeys.FETCH, 13, full);
        assertThat(answer.errorCode(), is(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
    }

    @Test
    void aFetchOfUnknownPartitionsNamesEachFaultAndDoesNotWait() throws IOException {
        var request = PlainData.fetch(node.cluster, "absent", 0, 0, 60_000);
        FetchResponseData byId = wire.call(FetchResponseData.class, ApiKeys.FETCH, 13, request);
        assertThat(fetchError(byId), is(Errors.UNKNOWN_TOPIC_ID));
        FetchResponseData byName = wire.call(FetchResponseData.class, ApiKeys.FETCH, 12, request);
        assertThat(fetchError(byName), is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        FetchResponseData beyond =
                wire.call(FetchResponseData.class, ApiKeys.FETCH, 12, PlainData.fetch(node.cluster, "t", 1, 99, 0));
        assertThat(fetchError(beyond), is(Errors.OFFSET_OUT_OF_RANGE));
        FetchResponseData negative = wire.call(
                FetchResponseData.class, ApiKeys.FETCH, 12, PlainData.fetch(node.cluster, "t", -3, 0, 60_000));
        assertThat(fetchError(negative), is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    private static Errors fetchError(FetchResponseData answer) {
        return Errors.forCode(
                answer.responses().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void aProduceToAnUnknownTopicIdSaysSo() throws IOException {
        ProduceResponseData answer = wire.call(
                ProduceResponseData.class,
                ApiKeys.PRODUCE,
                13,
                PlainData.produce(node.cluster, "absent", 0, -1, PlainData.records("x")));
        assertThat(
                answer.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .getFirst()
                        .errorCode(),
                is(Errors.UNKNOWN_TOPIC_ID.code()));
    }

    @Test
    void aClientThatMeantAnotherClusterIsSentToBootstrapAgain() throws IOException {
        ApiVersionsRequestData request = new ApiVersionsRequestData()
                .setClientSoftwareName("x")
                .setClientSoftwareVersion("1")
                .setClusterId("another")
                .setNodeId(1);
        ApiVersionsResponseData answer = wire.call(ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 5, request);
        assertThat(answer.errorCode(), is(Errors.REBOOTSTRAP_REQUIRED.code()));
        request.setClusterId("test-cluster-id-000000");
        answer = wire.call(ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 5, request);
        assertThat(answer.errorCode(), is((short) 0));
        answer = wire.call(
                ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 4, request.setClientSoftwareName("bad name!"));
        assertThat(answer.errorCode(), is(Errors.INVALID_REQUEST.code()));
    }

    @Test
    void groupsRetryAndTransactionsAreToldPlainly() throws IOException {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("k"));
        assertThat(coordinator(request.setKeyType((byte) 0)).errorCode(), is(Errors.COORDINATOR_NOT_AVAILABLE.code()));
        assertThat(coordinator(request.setKeyType((byte) 1)).errorCode(), is(Errors.UNSUPPORTED_VERSION.code()));
        assertThat(coordinator(request.setKeyType((byte) 9)).errorCode(), is(Errors.INVALID_REQUEST.code()));
        InitProducerIdRequestData init = new InitProducerIdRequestData().setTransactionalId(null);
        InitProducerIdResponseData first =
                wire.call(InitProducerIdResponseData.class, ApiKeys.INIT_PRODUCER_ID, 4, init);
        InitProducerIdResponseData second =
                wire.call(InitProducerIdResponseData.class, ApiKeys.INIT_PRODUCER_ID, 4, init);
        assertThat(second.producerId(), is(not(equalTo(first.producerId()))));
        InitProducerIdResponseData refused =
                wire.call(InitProducerIdResponseData.class, ApiKeys.INIT_PRODUCER_ID, 4, init.setTransactionalId("tx"));
        assertThat(refused.errorCode(), is(Errors.UNSUPPORTED_VERSION.code()));
    }

    private FindCoordinatorResponseData.Coordinator coordinator(FindCoordinatorRequestData request) throws IOException {
        return wire.call(FindCoordinatorResponseData.class, ApiKeys.FIND_COORDINATOR, 6, request)
                .coordinators()
                .getFirst();
    }

    @Test
    void describeConfigsTellsSourceSynonymsTypeAndDocumentation() throws IOException {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true)
                .setResources(List.of(
                        new DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName("t")
                                .setConfigurationKeys(List.of("retention.ms", "cleanup.policy")),
                        new DescribeConfigsResource().setResourceType((byte) 4).setResourceName("55"),
                        new DescribeConfigsResource().setResourceType((byte) 8).setResourceName("1")));
        DescribeConfigsResponseData answer =
                wire.call(DescribeConfigsResponseData.class, ApiKeys.DESCRIBE_CONFIGS, 4, request);
        var topic = answer.results().getFirst();
        assertThat(topic.errorMessage(), is(nullValue()));
        assertThat(topic.configs(), hasSize(2));
        var retention = topic.configs().stream()
                .filter(config -> config.name().equals("retention.ms"))
                .findFirst()
                .orElseThrow();
        assertThat(retention.value(), is("1000"));
        assertThat("topic", retention.configSource(), is((byte) 1));
        assertThat("long", retention.configType(), is((byte) 5));
        assertThat(retention.synonyms().getFirst().source(), is((byte) 1));
        assertThat(retention.synonyms().getLast().source(), is((byte) 5));
        assertThat(retention.documentation().isEmpty(), is(false));
        assertThat(answer.results().get(1).errorCode(), is(Errors.INVALID_REQUEST.code()));
        assertThat(answer.results().get(2).errorCode(), is(Errors.INVALID_REQUEST.code()));
    }

    @Test
    void partitionsAreDescribedPageByPageWithoutGapOrRepeat() throws IOException {
        node.cluster.add("a", 3, Map.of());
        node.cluster.add("z", 5, Map.of());
        List<String> seen = new ArrayList<>();
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData();
        request.setResponsePartitionLimit(2);
        DescribeTopicPartitionsResponseData.Cursor cursor;
        int pages = 0;
        do {
            var page =
                    wire.call(DescribeTopicPartitionsResponseData.class, ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request);
            page.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> seen.add(topic.name() + partition.partitionIndex())));
            cursor = page.nextCursor();
            if (cursor != null) {
                request.setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                        .setTopicName(cursor.topicName())
                        .setPartitionIndex(cursor.partitionIndex()));
            }
            pages++;
        } while (cursor != null && pages < 20);
        assertThat(seen, contains("a0", "a1", "a2", "t0", "t1", "z0", "z1", "z2", "z3", "z4"));
    }

    @Test
    void topicsAreDeletedByNameOrIdOnce() throws IOException {
        node.cluster.add("other", 1, Map.of());
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTimeoutMs(1000)
                .setTopics(List.of(
                        new DeleteTopicState().setName("t"),
                        new DeleteTopicState().setName("t"),
                        new DeleteTopicState().setTopicId(PlainData.id(node.cluster, "other")),
                        new DeleteTopicState().setTopicId(new Uuid(5, 5)),
                        new DeleteTopicState()));
        DeleteTopicsResponseData answer = wire.call(DeleteTopicsResponseData.class, ApiKeys.DELETE_TOPICS, 6, request);
        List<String> outcomes = new ArrayList<>();
        answer.responses().forEach(result -> outcomes.add(result.name() + " " + Errors.forCode(result.errorCode())));
        assertThat(
                outcomes,
                contains("t INVALID_REQUEST", "null INVALID_REQUEST", "t NONE", "other NONE", "null UNKNOWN_TOPIC_ID"));
    }
}
