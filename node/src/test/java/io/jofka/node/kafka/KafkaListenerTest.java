package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KafkaListenerTest {
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode();
        node.cluster.add("t", 2, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        node.close();
        assertThat("slices left open", node.log.openSlices.get(), is(0));
    }

    @Test
    void producedBatchesComeBackByteForByteBySendfile() throws IOException {
        try (Wire wire = node.connect()) {
            MemoryRecords big = PlainData.bytes(3 << 20);
            ProduceResponseData produced = wire.call(
                    ProduceResponseData.class,
                    ApiKeys.PRODUCE,
                    13,
                    PlainData.produce(node.cluster, "t", 1, -1, PlainData.records("a")));
            assertThat(
                    produced.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .getFirst()
                            .baseOffset(),
                    is(0L));
            wire.call(ApiKeys.PRODUCE, 7, PlainData.produce(node.cluster, "t", 1, 1, big));
            FetchResponseData fetched =
                    wire.call(FetchResponseData.class, ApiKeys.FETCH, 18, PlainData.fetch(node.cluster, "t", 1, 1, 0));
            ByteBuffer expected = big.buffer().duplicate().putLong(0, 1);
            assertThat(PlainData.records(fetched), equalTo(expected));
            FetchResponseData small =
                    wire.call(FetchResponseData.class, ApiKeys.FETCH, 4, PlainData.fetch(node.cluster, "t", 1, 0, 0));
            assertThat(small.responses().getFirst().partitions().getFirst().highWatermark(), is(2L));
        }
    }

    @Test
    void answersKeepTheOrderOfTheRequestsWhateverIsReadyFirst() throws IOException {
        node.log.holdProduces = true;
        try (Wire wire = node.connect()) {
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int i = 0; i < 10; i++) {
                burst.writeBytes(Wire.frame(
                        ApiKeys.PRODUCE,
                        12,
                        i * 2,
                        PlainData.produce(node.cluster, "t", 0, -1, PlainData.records("x"))));
                burst.writeBytes(Wire.frame(ApiKeys.LIST_OFFSETS, 9, i * 2 + 1, PlainData.listOffsets("t", 0, -1)));
            }
            wire.send(burst.toByteArray());
            TestNode.await("all ten produces", () -> node.log.held.size() == 10);
            node.log.held.stream().toList().reversed().forEach(Runnable::run);
            for (int i = 0; i < 10; i++) {
                ProduceResponseData produced = wire.receive(ProduceResponseData.class, ApiKeys.PRODUCE, 12, i * 2);
                assertThat(
                        produced.responses()
                                .iterator()
                                .next()
                                .partitionResponses()
                                .getFirst()
                                .baseOffset(),
                        is((long) i));
                wire.receive(ApiKeys.LIST_OFFSETS, 9, i * 2 + 1);
            }
            node.log.holdProduces = false;
            wire.call(ApiKeys.PRODUCE, 12, PlainData.produce(node.cluster, "t", 0, -1, PlainData.records("y")));
        }
    }

    @Test
    void aLongPollAnswersAsSoonAsARecordIsThere() throws IOException {
        try (Wire consumer = node.connect();
                Wire producer = node.connect()) {
            consumer.send(ApiKeys.FETCH, 16, 5, PlainData.fetch(node.cluster, "t", 0, 0, 15_000));
            TestNode.await("the fetch to wait", () -> node.log.waitingFetches.get() == 1);
            long since = System.nanoTime();
            producer.call(ApiKeys.PRODUCE, 9, PlainData.produce(node.cluster, "t", 0, 1, PlainData.records("now")));
            FetchResponseData fetched = consumer.receive(FetchResponseData.class, ApiKeys.FETCH, 16, 5);
            assertThat(PlainData.records(fetched).remaining(), greaterThan(60));
            assertThat("woken, not timed out", System.nanoTime() - since < 10_000_000_000L);
        }
    }

    @Test
    void acksZeroIsNotAnsweredAndARefusalClosesTheConnection() throws IOException {
        try (Wire wire = node.connect()) {
            wire.send(ApiKeys.PRODUCE, 11, 1, PlainData.produce(node.cluster, "t", 0, 0, PlainData.records("quiet")));
            ListOffsetsResponseData end = wire.send(ApiKeys.LIST_OFFSETS, 5, 2, PlainData.listOffsets("t", 0, -1))
                    .receive(ListOffsetsResponseData.class, ApiKeys.LIST_OFFSETS, 5, 2);
            assertThat(end.topics().getFirst().partitions().getFirst().offset(), is(1L));
            wire.send(ApiKeys.PRODUCE, 11, 3, PlainData.produce(node.cluster, "none", 0, 0, PlainData.records("x")));
            assertThat(wire.closedByServer(), is(true));
        }
    }

    @Test
    void metadataCreatesMissingTopicsOnlyWhenTheClientAllows() throws IOException {
        try (Wire wire = node.connect()) {
            MetadataRequestData request = new MetadataRequestData()
                    .setAllowAutoTopicCreation(false)
                    .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("fresh")));
            MetadataResponseData without = wire.call(MetadataResponseData.class, ApiKeys.METADATA, 12, request);
            assertThat(without.topics().iterator().next().errorCode(), is(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
            MetadataResponseData with = wire.call(
                    MetadataResponseData.class, ApiKeys.METADATA, 12, request.setAllowAutoTopicCreation(true));
            assertThat(with.topics().find("fresh").errorCode(), is((short) 0));
            assertThat(with.topics().find("fresh").partitions().size(), is(1));
            assertThat(with.brokers().iterator().next().port(), is(node.port()));
        }
    }

    @Test
    void anUnknownApiVersionsVersionIsAnsweredInVersionZero() throws IOException {
        try (Wire wire = node.connect()) {
            byte[] frame = Wire.frame(
                    ApiKeys.API_VERSIONS,
                    4,
                    9,
                    new ApiVersionsRequestData().setClientSoftwareName("x").setClientSoftwareVersion("1"));
            frame[7] = 99;
            ApiVersionsResponseData answer =
                    wire.send(frame).receive(ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 0, 9);
            assertThat(answer.errorCode(), is(Errors.UNSUPPORTED_VERSION.code()));
            assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion(), is((short) 0));
            assertThat(answer.apiKeys().size(), is(node.apis.all().size()));
        }
    }

    @Test
    void aFaultInAHandlerIsAnsweredAndTheConnectionLives() throws IOException {
        node.log.broken = true;
        try (Wire wire = node.connect()) {
            FetchResponseData failed =
                    wire.call(FetchResponseData.class, ApiKeys.FETCH, 12, PlainData.fetch(node.cluster, "t", 0, 0, 0));
            assertThat(failed.errorCode(), is(Errors.UNKNOWN_SERVER_ERROR.code()));
            node.log.broken = false;
            wire.call(ApiKeys.FETCH, 12, PlainData.fetch(node.cluster, "t", 0, 0, 0));
        }
    }
}
