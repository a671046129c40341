package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever comes: that connection is closed with one reason, and every other goes on. */
final class HostileBytesTest {
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(TestNode.limits(limits -> limits.put("maxFetchWaitMs", 20)));
        node.cluster.add("t", 2, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        assertThat("memory of requests is given back", node.lentBytes(), is(0.0));
    }

    private void assertHealthy() throws IOException {
        try (Wire wire = node.connect()) {
            ApiVersionsResponseData versions = wire.call(
                    ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 3, Samples.defaults(ApiKeys.API_VERSIONS));
            assertThat(versions.errorCode(), is((short) 0));
        }
    }

    @Test
    void everyHostileByteStringClosesItsConnectionAndNothingElse() throws IOException {
        List<HostileBytes.Row> rows = HostileBytes.all(node.cluster);
        assertThat(rows.size(), greaterThan(100));
        List<String> failures = new ArrayList<>();
        try (Wire bystander = node.connect()) {
            for (HostileBytes.Row row : rows) {
                try (Wire wire = node.connect()) {
                    wire.send(row.bytes());
                    if (row.name().startsWith("good request")) {
                        wire.receive();
                    }
                    if (!wire.closedByServer()) {
                        failures.add(row + " was answered");
                    }
                } catch (IOException e) {
                    failures.add(row + ": " + e);
                }
                assertHealthy();
                bystander.call(ApiKeys.LIST_OFFSETS, 9, PlainData.listOffsets("t", 0, -1));
            }
        }
        assertThat(failures, empty());
        assertThat(node.counter("jofka.kafka.protocol.violations"), is((double) rows.size()));
        assertThat(node.counter("jofka.kafka.faults"), is(0.0));
    }

    @Test
    void randomChangesToGoodRequestsNeverMakeAFault() throws IOException {
        Random random = new Random(99);
        Samples samples = new Samples(node.cluster);
        for (int round = 0; round < 1500; round++) {
            Api<?> api = node.apis.all().get(random.nextInt(node.apis.all().size()));
            int version = api.oldestVersion() + random.nextInt(api.newestVersion() - api.oldestVersion() + 1);
            byte[] frame = Wire.frame(api.key(), version, 1, samples.of(api.key(), version, "t"));
            for (int i = random.nextInt(4); i >= 0; i--) {
                frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt();
            }
            try (Wire wire = node.connect()) {
                wire.send(frame);
                wire.shutdownOutput();
                wire.drain();
            }
        }
        assertHealthy();
        assertThat(node.counter("jofka.kafka.faults"), is(0.0));
    }

    @Test
    void halfAFrameAndAByteAtATimeAreServedOnceComplete() throws IOException {
        byte[] frame = Wire.frame(ApiKeys.LIST_OFFSETS, 9, 3, PlainData.listOffsets("t", 0, -1));
        try (Wire wire = node.connect()) {
            for (byte piece : frame) {
                wire.send(new byte[] {piece});
            }
            wire.receive(ApiKeys.LIST_OFFSETS, 9, 3);
            wire.send(Arrays.copyOf(frame, 9)).send(Arrays.copyOfRange(frame, 9, frame.length));
            wire.receive(ApiKeys.LIST_OFFSETS, 9, 3);
        }
    }

    @Test
    void wrongArgumentsAreAnsweredWithTheirErrors() throws IOException {
        try (Wire wire = node.connect()) {
            assertThat(produceError(wire, 7, 0, "t"), is(Errors.INVALID_REQUIRED_ACKS));
            assertThat(produceError(wire, -1, -5, "t"), is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
            assertThat(produceError(wire, -1, 2, "t"), is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
            assertThat(produceError(wire, -1, 0, "absent"), is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
            ListOffsetsResponseData offsets = wire.call(
                    ListOffsetsResponseData.class, ApiKeys.LIST_OFFSETS, 9, PlainData.listOffsets("t", -1, -1));
            assertThat(
                    Errors.forCode(
                            offsets.topics().getFirst().partitions().getFirst().errorCode()),
                    is(Errors.UNKNOWN_TOPIC_OR_PARTITION));
            ProduceRequestData empty = PlainData.produce(node.cluster, "t", 0, 1, PlainData.records("x"));
            empty.topicData().iterator().next().partitionData().getFirst().setRecords(null);
            assertThat(
                    firstError(wire.call(ProduceResponseData.class, ApiKeys.PRODUCE, 8, empty)),
                    is(Errors.INVALID_RECORD));
            byte[] noise = "this is no record batch, whatever its length says, is it?".getBytes(StandardCharsets.UTF_8);
            empty.topicData()
                    .iterator()
                    .next()
                    .partitionData()
                    .getFirst()
                    .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(noise)));
            assertThat(
                    firstError(wire.call(ProduceResponseData.class, ApiKeys.PRODUCE, 8, empty)),
                    is(Errors.CORRUPT_MESSAGE));
        }
    }

    private Errors produceError(Wire wire, int acks, int partition, String topic) throws IOException {
        return firstError(wire.call(
                ProduceResponseData.class,
                ApiKeys.PRODUCE,
                9,
                PlainData.produce(node.cluster, topic, partition, acks, PlainData.records("x"))));
    }

    private static Errors firstError(ProduceResponseData response) {
        return Errors.forCode(response.responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst()
                .errorCode());
    }

    @Test
    void aStrangerIsNamedInTheReason() {
        ByteBuffer http = ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8));
        assertThat(Foreign.describe(http.getInt(0), http, 0, http.limit()), containsString("HTTP"));
        ByteBuffer tls = ByteBuffer.wrap(new byte[] {0x16, 3, 1, 0, 0});
        assertThat(Foreign.describe(tls.getInt(0), tls, 0, tls.limit()), containsString("TLS"));
        ByteBuffer other = ByteBuffer.wrap(new byte[] {-1, -1, -1, -1});
        assertThat(Foreign.describe(-1, other, 0, other.limit()), containsString("length -1"));
    }
}
