package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JsonProduceTest {
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
        for (String topic : new String[] {"plain", "exact", "tombstones", "one", "mixed", "failing", "ids", "half"}) {
            server.topic(topic, topic.equals("plain") || topic.equals("mixed") ? 4 : topic.equals("half") ? 2 : 1);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anOutcomeThatIsNotKnownIsNeverToldAsARefusal() {
        server.log.fail(server.partition("half", 0), Fault.NOT_LEADER, "Moved.");
        server.log.fail(
                server.partition("half", 1),
                new ProduceOutcome.Unknown(Fault.NOT_LEADER, "Moved; whether it was kept is not known."));
        String both = "{\"records\":[{\"value\":1,\"partition\":0},{\"value\":2,\"partition\":1}]}";
        HttpResponse<String> all = server.post("/topics/half/records", both);
        assertThat(all.statusCode(), is(504));
        assertThat(all.body(), containsString("\"code\":\"OUTCOME_UNKNOWN\""));
        server.log.heal(server.partition("half", 0));
        HttpResponse<String> one = server.post("/topics/half/records", both);
        assertThat(one.statusCode(), is(207));
        assertThat(one.body(), containsString("\"code\":\"OUTCOME_UNKNOWN\""));
    }

    @Test
    void resultsComeInTheOrderOfTheRequest() {
        HttpResponse<String> answer = server.post("/topics/plain/records", """
                {"records":[{"key":"a","value":1,"partition":3,"timestampMs":5},
                            {"value":"x","partition":1,"timestamp":"1970-01-01T00:00:00.007Z"},
                            {"value":null,"partition":3,"timestampMs":6}]}""");
        assertThat(answer.statusCode(), is(200));
        assertThat(
                answer.body(),
                is("{\"results\":[{\"partition\":3,\"offset\":0,\"timestampMs\":5},"
                        + "{\"partition\":1,\"offset\":0,\"timestampMs\":7},"
                        + "{\"partition\":3,\"offset\":1,\"timestampMs\":6}],\"failed\":0}"));
    }

    @Test
    void jsonValuesAreStoredExactlyAsTheBytesThatWereSent() {
        String value = "{ \"n\": 12345678901234567890.123450000e+0,\t\"s\":\"\\u00e9\" }";
        server.post("/topics/exact/records", "{\"records\":[{\"key\":{\"id\" : 1},\"value\":" + value + "}]}");
        HttpResponse<String> page = server.get("/topics/exact/partitions/0/records?valueFormat=text&keyFormat=base64");
        assertThat(page.statusCode(), is(200));
        assertThat(page.body(), containsString("\"keyBase64\":\"eyJpZCIgOiAxfQ==\""));
        assertThat(
                page.body(),
                containsString(
                        "\"value\":\"{ \\\"n\\\": 12345678901234567890.123450000e+0,\\t\\\"s\\\":\\\"\\\\u00e9\\\" }\""));
        assertThat(server.get("/topics/exact/partitions/0/records").body(), containsString("\"value\":" + value));
    }

    @Test
    void absentAndNullAreTombstones() {
        server.post("/topics/tombstones/records", "{\"records\":[{\"key\":\"k\"},{\"key\":null,\"value\":null},{}]}");
        String page = server.get("/topics/tombstones/partitions/0/records").body();
        assertThat(page, containsString("\"key\":\"k\",\"value\":null}"));
        assertThat(page, containsString("\"nextOffset\":3,\"highWatermark\":3,\"logStartOffset\":0"));
    }

    @Test
    void aTopicThatIsUnknownIsA404AndIsNotMade() {
        HttpResponse<String> answer = server.post("/topics/nowhere/records", "{\"records\":[{\"value\":1}]}");
        assertThat(answer.statusCode(), is(404));
        assertThat(answer.body(), containsString("\"code\":\"UNKNOWN_TOPIC_OR_PARTITION\""));
        assertThat(answer.headers().firstValue("content-type").orElse(""), is("application/problem+json"));
    }

    @Test
    void everyFaultOfTheRecordsIsNamedByItsPointerAndNothingIsStored() {
        HttpResponse<String> answer = server.post(
                "/topics/one/records",
                "{\"records\":[{\"value\":1},{\"value\":2,\"partition\":9},{\"headers\":5},{\"timestamp\":\"noon\"}]}");
        assertThat(answer.statusCode(), is(422));
        assertThat(
                answer.body(),
                allOf(
                        containsString("\"pointer\":\"/records/1/partition\",\"code\":\"INVALID_PARTITION\""),
                        containsString("\"pointer\":\"/records/2/headers\",\"code\":\"INVALID_RECORD\""),
                        containsString("\"pointer\":\"/records/3/timestamp\",\"code\":\"INVALID_TIMESTAMP\"")));
        assertThat(server.get("/topics/one/partitions/0/records").body(), containsString("\"records\":[]"));
    }

    @Test
    void aPartitionThatFailsIsAProblemInItsSlotsOnly() {
        server.log.fail(server.partition("mixed", 1), Fault.NOT_ENOUGH_REPLICAS, "1 of 2 in sync.");
        HttpResponse<String> answer = server.post(
                "/topics/mixed/records",
                "{\"records\":[{\"value\":1,\"partition\":0,\"timestampMs\":1},{\"value\":2,\"partition\":1}]}");
        assertThat(answer.statusCode(), is(207));
        assertThat(
                answer.body(),
                allOf(
                        containsString("{\"partition\":0,\"offset\":0,\"timestampMs\":1}"),
                        containsString("{\"partition\":1,\"problem\":{"),
                        containsString("\"code\":\"NOT_ENOUGH_REPLICAS\""),
                        containsString("\"failed\":1}")));
    }

    @Test
    void whereEverythingFailsTheAnswerIsTheProblem() {
        server.log.fail(server.partition("failing", 0), Fault.LEADER_NOT_AVAILABLE, "No leader.");
        HttpResponse<String> answer = server.post("/topics/failing/records", "{\"records\":[{\"value\":1}]}");
        assertThat(answer.statusCode(), is(503));
        assertThat(answer.headers().firstValue("retry-after").isPresent(), is(true));
    }

    @Test
    void aSequenceIsStoredOnceAndItsRepeatAnswersTheSameOffsets() {
        String producer = server.post("/producers", "").body();
        assertThat(producer, containsString("\"epoch\":0"));
        String id = producer.replaceAll("\\D*(\\d+).*", "$1");
        String body = "{\"records\":[{\"value\":1,\"timestampMs\":1},{\"value\":2,\"timestampMs\":1}]}";
        String[] headers = {"Producer-Id", id, "Producer-Epoch", "0", "Producer-Seq", "0"};
        HttpResponse<String> first = server.post("/topics/ids/partitions/0/records", body, headers);
        HttpResponse<String> second = server.post("/topics/ids/partitions/0/records", body, headers);
        assertThat(first.statusCode(), is(200));
        assertThat(second.body(), equalTo(first.body().replace("\"failed\":0}", "\"failed\":0,\"duplicate\":true}")));
        HttpResponse<String> gap = server.post(
                "/topics/ids/partitions/0/records",
                body,
                "Producer-Id",
                id,
                "Producer-Epoch",
                "0",
                "Producer-Seq",
                "7");
        assertThat(gap.statusCode(), is(409));
        assertThat(gap.body(), containsString("\"code\":\"SEQUENCE_GAP\""));
    }

    @Test
    void theClusterWideLimitOfBatchesHoldsWhereTheTopicHasNoneOfItsOwn() {
        String body = "{\"records\":[{\"value\":\"" + "x".repeat(2_000) + "\"}]}";
        try (DataServer own = new DataServer()) {
            own.topic("default", 1);
            own.images.topic("wide", 1, Map.of("max.message.bytes", "9000"));
            assertThat(own.post("/topics/default/records", body).statusCode(), is(200));
            own.images.clusterConfigs(Map.of("message.max.bytes", "1500"));
            HttpResponse<String> refused = own.post("/topics/default/records", body);
            assertThat(refused.statusCode(), is(413));
            assertThat(refused.body(), containsString("larger than the 1500 bytes"));
            assertThat(own.post("/topics/wide/records", body).statusCode(), is(200));
        }
    }

    @Test
    void withoutAcknowledgementTheAnswerIs202() {
        server.images.topic("fast", 1, Map.of());
        HttpResponse<String> answer = server.post("/topics/fast/records?acks=0", "{\"records\":[{\"value\":1}]}");
        assertThat(answer.statusCode(), is(202));
        assertThat(answer.body(), is("{\"results\":[{\"partition\":0}],\"failed\":0}"));
    }

    @Test
    void whatIsNotOfTheDataPathGoesOn() {
        assertThat(server.get("/elsewhere").body(), is("elsewhere"));
        assertThat(server.get("/topics").statusCode(), is(404));
    }

    @Test
    void aWrongMethodNamesTheRightOnes() {
        HttpResponse<String> answer = server.get("/topics/plain/records/raw");
        assertThat(answer.statusCode(), is(405));
        assertThat(answer.headers().firstValue("allow").orElse(""), is("POST"));
    }
}
