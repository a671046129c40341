package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents 1.0: HTTP binding in, Kafka binding out. */
class CloudEventsTest {
    private static final String[] ONE = {"Content-Type", "application/cloudevents+json; charset=utf-8"};
    private static final String[] MANY = {"Content-Type", "application/cloudevents-batch+json"};
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
        for (String topic : new String[] {"binary", "one", "raw", "many", "rawmany", "bad"}) {
            server.topic(topic, 1);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String stored(String topic) {
        return server.get("/topics/" + topic + "/partitions/0/records?valueFormat=text")
                .body();
    }

    @Test
    void attributesInHeadersBecomeRecordHeaders() {
        HttpResponse<String> answer = server.post(
                "/topics/binary/records/raw",
                "{\"total\":12.50}",
                "Content-Type",
                "application/json",
                "ce-specversion",
                "1.0",
                "ce-id",
                "a-1",
                "ce-source",
                "/shop",
                "ce-type",
                "order.paid",
                "ce-subject",
                "caf%C3%A9%201+1",
                "ce-partitionkey",
                "o-17");
        assertThat(answer.statusCode(), is(200));
        assertThat(
                stored("binary"),
                allOf(
                        containsString("\"key\":\"o-17\""),
                        containsString("\"value\":\"{\\\"total\\\":12.50}\""),
                        containsString("{\"name\":\"content-type\",\"value\":\"application/json\"}"),
                        containsString("{\"name\":\"ce_specversion\",\"value\":\"1.0\"}"),
                        containsString("{\"name\":\"ce_id\",\"value\":\"a-1\"}"),
                        containsString("{\"name\":\"ce_source\",\"value\":\"/shop\"}"),
                        containsString("{\"name\":\"ce_type\",\"value\":\"order.paid\"}"),
                        containsString("{\"name\":\"ce_subject\",\"value\":\"caf\u00e9 1+1\"}")));
    }

    @ParameterizedTest
    @CsvSource({"one,/topics/one/records", "raw,/topics/raw/records/raw"})
    void anEventInJsonIsStoredAsItWasSentUnderItsPartitionKey(String topic, String path) {
        String event = "{ \"specversion\":\"1.0\", \"id\":\"7\",\"source\":\"s\",\"type\":\"t\","
                + " \"partitionkey\":\"k\\u00e9\", \"data\":{\"n\":1.0} }";
        HttpResponse<String> answer = server.post(path, event, ONE);
        assertThat(answer.statusCode(), is(200));
        assertThat(
                stored(topic),
                allOf(
                        containsString("\"key\":\"k\u00e9\""),
                        containsString(
                                "\"value\":\"" + event.replace("\\", "\\\\").replace("\"", "\\\"") + "\""),
                        containsString(
                                "{\"name\":\"content-type\",\"value\":\"application/cloudevents+json; charset=UTF-8\"}")));
    }

    @ParameterizedTest
    @CsvSource({"many,/topics/many/records", "rawmany,/topics/rawmany/records/raw"})
    void eachEventOfABatchIsARecord(String topic, String path) {
        String a = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"partitionkey\":\"a\"}";
        String b = "{\"type\":\"t\",\"id\":\"2\",\"source\":\"s\",\"specversion\":\"1.0\",\"data\":[1, 2]}";
        HttpResponse<String> answer = server.post(path, "[" + a + " , " + b + "]", MANY);
        assertThat(answer.statusCode(), is(200));
        assertThat(answer.body(), allOf(containsString("\"offset\":0"), containsString("\"offset\":1")));
        assertThat(
                server.get("/topics/" + topic + "/partitions/0/records").body(),
                allOf(containsString("\"key\":\"a\",\"value\":" + a), containsString("\"value\":" + b)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "1",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\"}",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":1.0,\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"2\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"partitionkey\":5}"
            })
    void whatIsNoEventIsRefused(String body) {
        HttpResponse<String> answer = server.post("/topics/bad/records", body, ONE);
        assertThat(answer.body(), answer.statusCode(), is(422));
        assertThat(stored("bad"), containsString("\"records\":[]"));
    }

    @Test
    void aBatchWithOneBadEventStoresNothingAndPointsAtIt() {
        String good = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}";
        HttpResponse<String> answer = server.post("/topics/bad/records", "[" + good + ",{\"id\":\"2\"}]", MANY);
        assertThat(answer.statusCode(), is(422));
        assertThat(answer.body(), containsString("\"pointer\":\"/1\""));
        assertThat(server.post("/topics/bad/records", "[]", MANY).statusCode(), is(422));
        assertThat(server.post("/topics/bad/records", good, MANY).statusCode(), is(422));
        assertThat(server.post("/topics/bad/records", "[" + good, MANY).statusCode(), is(400));
        assertThat(stored("bad"), containsString("\"records\":[]"));
    }

    @Test
    void attributesInHeadersThatMakeNoEventAreRefused() {
        String path = "/topics/bad/records/raw";
        HttpResponse<String> old = server.post(path, "x", "ce-specversion", "0.3", "ce-id", "1");
        assertThat(old.statusCode(), is(422));
        HttpResponse<String> half = server.post(path, "x", "ce-specversion", "1.0", "ce-id", "1", "ce-source", "s");
        assertThat(half.body(), allOf(containsString("ce-type"), not(containsString("ce-source"))));
        HttpResponse<String> badText =
                server.post(path, "x", "ce-specversion", "1.0", "ce-id", "%zz", "ce-source", "s", "ce-type", "t");
        assertThat(badText.statusCode(), is(422));
        assertThat(stored("bad"), containsString("\"records\":[]"));
    }
}
