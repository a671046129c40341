package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.idempotency.Begun;
import io.jofka.node.broker.idempotency.IdempotencyConfig;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.data.exchange.DataLimits;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
    private static final String BODY =
            "{\"records\":[{\"key\":\"a\",\"value\":1},{\"value\":2},{\"key\":\"b\",\"value\":3}]}";
    private DataServer server;

    @BeforeEach
    void start() {
        server = new DataServer();
        server.topic("t", 4);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpResponse<String> post(DataServer to, String key, String body) {
        return to.post("/topics/t/records", body, "Idempotency-Key", key);
    }

    private static long stored(DataServer of) {
        long sum = 0;
        for (int p = 0;
                p < of.images.current().topic("t").orElseThrow().partitions().size();
                p++) {
            String page = of.get("/topics/t/partitions/" + p + "/records").body();
            sum += Long.parseLong(page.replaceAll("(?s).*\"highWatermark\":(\\d+).*", "$1"));
        }
        return sum;
    }

    @Test
    void aRepeatAnswersTheFirstResultAndStoresNothing() {
        HttpResponse<String> first = post(server, "k1", BODY);
        HttpResponse<String> second = post(server, "k1", BODY);
        assertThat(first.statusCode(), is(200));
        assertThat(second.statusCode(), is(200));
        assertThat(second.body(), is(first.body()));
        assertThat(first.headers().firstValue("idempotent-replayed").isPresent(), is(false));
        assertThat(second.headers().firstValue("idempotent-replayed").orElse(""), is("true"));
        assertThat(stored(server), is(3L));
    }

    @Test
    void anotherBodyWithTheSameKeyIsRefused() {
        post(server, "k2", BODY);
        HttpResponse<String> other = post(server, "k2", BODY.replace("3", "4"));
        assertThat(other.statusCode(), is(422));
        assertThat(other.body(), containsString("\"code\":\"KEY_REUSED\""));
        assertThat(stored(server), is(3L));
    }

    @Test
    void aRepeatAtAnotherNodeAfterARestartAnswersTheFirstResult() {
        HttpResponse<String> first = post(server, "k3", BODY);
        try (DataServer other =
                new DataServer(DataLimits.defaults(), server.images, server.log, IdempotencyConfig.defaults())) {
            HttpResponse<String> second = post(other, "k3", BODY);
            assertThat(second.body(), is(first.body()));
            assertThat(second.headers().firstValue("idempotent-replayed").orElse(""), is("true"));
        }
        assertThat(stored(server), is(3L));
    }

    @Test
    void afterACrashBetweenTheAppendAndTheRecordOfItsEndTheLogRecognisesTheRepeat() {
        // the end cannot be recorded: the topic of keys fails from the moment the records are appended
        post(server, "warm", "{\"records\":[{\"value\":0,\"partition\":0}]}");
        long before = stored(server);
        server.log.onAppend(server.partition("t", 3), () -> failKeys(true));
        HttpResponse<String> first =
                post(server, "k4", "{\"records\":[{\"value\":1,\"partition\":1},{\"value\":2,\"partition\":3}]}");
        assertThat(first.statusCode(), is(200));
        failKeys(false);
        try (DataServer other =
                new DataServer(DataLimits.defaults(), server.images, server.log, IdempotencyConfig.defaults())) {
            HttpResponse<String> second =
                    post(other, "k4", "{\"records\":[{\"value\":1,\"partition\":1},{\"value\":2,\"partition\":3}]}");
            assertThat(second.statusCode(), is(200));
            assertThat(second.body(), containsString("\"duplicate\":true"));
            assertThat(second.body().replace(",\"duplicate\":true", ""), is(first.body()));
            // the topic may have grown meanwhile: the entry still fixes where records go
            server.images.topic("t", 9, Map.of());
            HttpResponse<String> third =
                    post(other, "k4", "{\"records\":[{\"value\":1,\"partition\":1},{\"value\":2,\"partition\":3}]}");
            assertThat(third.headers().firstValue("idempotent-replayed").orElse(""), is("true"));
        }
        assertThat(stored(server), is(before + 2));
    }

    @Test
    void aRepeatThroughANodeThatReadTheKeysBeforeIsStillOne() {
        try (DataServer other =
                new DataServer(DataLimits.defaults(), server.images, server.log, IdempotencyConfig.defaults())) {
            String body = "{\"records\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2}]}";
            for (int i = 0; i < 200; i++) {
                assertThat(post(other, "warm-" + i, body).statusCode(), is(200));
            }
            long before = stored(server);
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> first = post(server, "twice-" + i, body);
                HttpResponse<String> second = post(other, "twice-" + i, body);
                HttpResponse<String> third = post(server, "twice-" + i, body);
                assertThat(first.statusCode(), is(200));
                assertThat(second.headers().firstValue("idempotent-replayed").orElse(""), is("true"));
                assertThat(second.body(), is(first.body()));
                assertThat(third.body(), is(first.body()));
                String changed = body.replace('2', '3');
                assertThat(post(other, "twice-" + i, changed).statusCode(), is(422));
            }
            assertThat(stored(server), is(before + 40));
        }
    }

    private void failKeys(boolean fails) {
        int shards = server.images
                .current()
                .topic(IdempotencyConfig.TOPIC)
                .orElseThrow()
                .partitions()
                .size();
        for (int i = 0; i < shards; i++) {
            TopicPartition shard = server.partition(IdempotencyConfig.TOPIC, i);
            if (fails) {
                server.log.fail(shard, Fault.STORAGE_OFFLINE, "The log directory is offline.");
            } else {
                server.log.heal(shard);
            }
        }
    }

    @Test
    void aRequestThatFailedInPartIsCompletedByItsRepeat() {
        server.log.fail(server.partition("t", 3), Fault.NOT_ENOUGH_REPLICAS, "1 of 2 in sync.");
        String body = "{\"records\":[{\"value\":1,\"partition\":1},{\"value\":2,\"partition\":3}]}";
        assertThat(post(server, "k5", body).statusCode(), is(207));
        server.log.heal(server.partition("t", 3));
        HttpResponse<String> again = post(server, "k5", body);
        assertThat(again.statusCode(), is(200));
        assertThat(again.body(), containsString("\"failed\":0"));
        assertThat(stored(server), is(2L));
    }

    @Test
    void aRequestThatRunsRefusesItsRepeat() {
        byte[] digest = new byte[32];
        Begun begun = server.idempotency.begin("k6", digest, 4, System.currentTimeMillis());
        assertThat(begun, instanceOf(Begun.Fresh.class));
        Begun second = server.idempotency.begin("k6", digest, 4, System.currentTimeMillis());
        assertThat(((Begun.Refused) second).fault(), is(Fault.REQUEST_RUNNING));
        server.idempotency.release(((Begun.Fresh) begun).ticket());
        assertThat(
                server.idempotency.begin("k6", digest, 4, System.currentTimeMillis()), instanceOf(Begun.Resumed.class));
    }

    @Test
    void aRefusedBodyLeavesNoTraceOfItsKey() {
        assertThat(post(server, "k7", "{\"records\":[{\"partition\":99}]}").statusCode(), is(422));
        assertThat(post(server, "k7", BODY).statusCode(), is(200));
    }

    @Test
    void theNumberOfKeysHasALimit() {
        IdempotencyConfig one = new IdempotencyConfig(1, 2, 86_400_000, 10, 5_000);
        try (DataServer small = new DataServer(DataLimits.defaults(), new MemoryImages(), new MemoryLog(), one)) {
            small.topic("t", 1);
            assertThat(post(small, "a", BODY).statusCode(), is(200));
            assertThat(post(small, "b", BODY).statusCode(), is(200));
            HttpResponse<String> third = post(small, "c", BODY);
            assertThat(third.statusCode(), is(429));
            assertThat(third.headers().firstValue("retry-after").isPresent(), is(true));
            assertThat(post(small, "a", BODY).statusCode(), is(200));
        }
    }

    @Test
    void keysExpire() {
        IdempotencyConfig brief = new IdempotencyConfig(1, 2, -1, 10, 5_000);
        try (DataServer small = new DataServer(DataLimits.defaults(), new MemoryImages(), new MemoryLog(), brief)) {
            small.topic("t", 1);
            assertThat(post(small, "a", BODY).statusCode(), is(200));
            HttpResponse<String> again = post(small, "a", BODY);
            assertThat(again.headers().firstValue("idempotent-replayed").isPresent(), is(false));
            assertThat(stored(small), is(6L));
        }
    }

    @Test
    void badKeysAndCombinationsAreRefused() {
        assertThat(post(server, "x".repeat(256), BODY).statusCode(), is(400));
        assertThat(post(server, "a b", BODY).statusCode(), is(400));
        HttpResponse<String> acks = server.post("/topics/t/records?acks=1", BODY, "Idempotency-Key", "k");
        assertThat(acks.statusCode(), is(400));
        HttpResponse<String> lines = server.post(
                "/topics/t/records", "{\"value\":1}", "Idempotency-Key", "k", "Content-Type", "application/x-ndjson");
        assertThat(lines.statusCode(), is(400));
        assertThat(lines.body(), not(containsString("summary")));
    }
}
