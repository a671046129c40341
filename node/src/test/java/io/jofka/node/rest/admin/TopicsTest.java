package io.jofka.node.rest.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static final ContractCheck CONTRACT = new ContractCheck();

    private final RestNode node = new RestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    private HttpResponse<String> send(int status, String method, String path, String body, String... headers) {
        HttpResponse<String> answer = node.send(method, path, body, headers);
        assertThat(method + " " + path + ": " + answer.body(), answer.statusCode(), is(status));
        assertThat(answer.body(), CONTRACT.faults(method, path, answer), empty());
        return answer;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private void create(String name) {
        send(201, "POST", "/api/v1/topics", "{\"name\":\"" + name + "\",\"partitions\":2}");
    }

    @Test
    void aTopicIsCreatedDescribedChangedAndDeleted() {
        HttpResponse<String> created = send(
                201,
                "POST",
                "/api/v1/topics",
                "{\"name\":\"orders\",\"partitions\":3,\"configs\":{\"retention.ms\":86400000,"
                        + "\"cleanup.policy\":[\"compact\",\"delete\"],\"durability\":null}}");
        assertThat(created.headers().firstValue("Location").orElse(""), is("/api/v1/topics/orders"));
        assertThat(created.headers().firstValue("Jofka-Metadata-Index").orElse(""), is("6"));
        assertThat(created.headers().firstValue("ETag").orElse(""), is("\"6\""));
        JsonNode topic = json(send(200, "GET", "/api/v1/topics/orders/", ""));
        assertThat(topic.path("partitions").asInt(), is(3));
        assertThat(
                topic.path("configs").toString(),
                is("{\"cleanup.policy\":\"compact,delete\",\"retention.ms\":\"86400000\"}"));
        JsonNode grown = json(send(
                200,
                "PATCH",
                "/api/v1/topics/orders",
                "{\"partitions\":5,\"configs\":{\"retention.ms\":null}}",
                "Content-Type",
                "application/merge-patch+json",
                "If-Match",
                "\"6\""));
        assertThat(grown.path("partitions").asInt(), is(5));
        assertThat(grown.path("configs").toString(), is("{\"cleanup.policy\":\"compact,delete\"}"));
        JsonNode plan = json(send(200, "DELETE", "/api/v1/topics/orders?dryRun=true", ""));
        assertThat(plan.path("records").asInt(), is(50));
        send(200, "GET", "/api/v1/topics/orders", "");
        send(204, "DELETE", "/api/v1/topics/orders", "");
        JsonNode gone = json(send(404, "GET", "/api/v1/topics/orders", ""));
        assertThat(gone.path("code").asText(), is("UNKNOWN_TOPIC_OR_PARTITION"));
        assertThat(gone.path("detail").asText(), is("Topic 'orders' does not exist."));
    }

    @Test
    void aDryRunChangesNothing() {
        JsonNode plan = json(send(200, "POST", "/api/v1/topics?dryRun=true", "{\"name\":\"t\",\"partitions\":4}"));
        assertThat(plan.path("partitions").asInt(), is(4));
        send(404, "GET", "/api/v1/topics/t", "");
        create("t");
        send(200, "PATCH", "/api/v1/topics/t?dryRun=true", "{\"partitions\":9}");
        assertThat(
                json(send(200, "GET", "/api/v1/topics/t", ""))
                        .path("partitions")
                        .asInt(),
                is(2));
    }

    @Test
    void pagesHoldEveryTopicOnceAlsoWhenTopicsComeAndGo() {
        for (int i = 0; i < 7; i++) {
            create("t" + i);
        }
        create("other");
        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = json(send(200, "GET", "/api/v1/topics?limit=3&namePrefix=t" + token, ""));
            page.path("items").forEach(t -> seen.add(t.path("name").asText()));
            token = page.has("nextPageToken")
                    ? "&pageToken=" + page.path("nextPageToken").asText()
                    : "";
            if (seen.size() == 3) {
                assertThat(page.path("total").asInt(), is(7));
                send(204, "DELETE", "/api/v1/topics/t0", "");
            }
        } while (!token.isEmpty());
        assertThat(seen.toString(), is("[t0, t1, t2, t3, t4, t5, t6]"));
    }

    @Test
    void aChangeForAnOldVersionIsRefused() {
        create("t");
        HttpResponse<String> refused =
                send(412, "PATCH", "/api/v1/topics/t", "{\"partitions\":3}", "If-Match", "\"1\"");
        assertThat(json(refused).path("currentETag").asText(), is("\"6\""));
        send(412, "DELETE", "/api/v1/topics/t", "", "If-Match", "W/\"6\"");
        send(400, "DELETE", "/api/v1/topics/t", "", "If-Match", "6");
        send(200, "PATCH", "/api/v1/topics/t", "{\"partitions\":3}", "If-Match", "\"1\", \"6\"");
        send(204, "DELETE", "/api/v1/topics/t", "", "If-Match", "*");
    }

    @Test
    void everyFaultOfABodyIsPointedAt() {
        JsonNode problem = json(send(
                422,
                "POST",
                "/api/v1/topics",
                "{\"nmae\":\"x\",\"partitions\":\"three\",\"replicationFactor\":1e400,"
                        + "\"configs\":{\"a\":{}},\"assignment\":[{\"partition\":0,\"replicas\":[1,null]}]}"));
        List<String> pointers = new ArrayList<>();
        problem.path("errors").forEach(e -> pointers.add(e.path("pointer").asText()));
        assertThat(
                pointers.toString(),
                is("[/nmae, /partitions, /replicationFactor, /configs/a, /assignment/0/replicas/1, /name]"));
        assertThat(problem.toString(), not(containsString("jofka.api")));
    }

    @Test
    void whatTheControllerRefusesPointsIntoTheBody() {
        String[][] cases = {
            {"{\"name\":\"../../x\"}", "INVALID_TOPIC", "/name"},
            {"{\"name\":\"t\",\"partitions\":0}", "INVALID_PARTITIONS", "/partitions"},
            {"{\"name\":\"t\",\"partitions\":-1}", "INVALID_PARTITIONS", "/partitions"},
            {"{\"name\":\"t\",\"replicationFactor\":-1}", "INVALID_REPLICATION_FACTOR", "/replicationFactor"},
            {"{\"name\":\"t\",\"replicationFactor\":999}", "INVALID_REPLICATION_FACTOR", "/replicationFactor"},
            {"{\"name\":\"t\",\"configs\":{\"retention.ms\":\"soon\"}}", "INVALID_CONFIG", "/configs/retention.ms"},
        };
        for (String[] one : cases) {
            JsonNode problem = json(send(422, "POST", "/api/v1/topics", one[0]));
            assertThat(problem.path("code").asText(), is(one[1]));
            assertThat(problem.at("/errors/0/pointer").asText(), is(one[2]));
        }
        create("t");
        JsonNode patch = json(send(422, "PATCH", "/api/v1/topics/t", "{\"configs\":{\"nonsense\":1}}"));
        assertThat(patch.at("/errors/0/pointer").asText(), is("/configs/nonsense"));
    }

    @Test
    void aNumberBelowOneIsNamedAsItWasSent() {
        JsonNode problem = json(send(422, "POST", "/api/v1/topics", "{\"name\":\"t\",\"partitions\":-1}"));
        assertThat(
                problem.path("detail").asText(),
                is("'partitions' is 1 or more, not -1; leave it out for the default."));
    }

    @Test
    void brokenJsonIsRefusedWithItsPlace() {
        String deep = "[".repeat(10_000);
        String[] bodies = {
            "{", "{]", "{\"name\":\"a\"} x", "{\"name\":\"a\",\"name\":\"b\"}", deep, "nul", "\"\\ud800", "\u0000"
        };
        for (String body : bodies) {
            JsonNode problem = json(send(400, "POST", "/api/v1/topics", body));
            assertThat(problem.path("code").asText(), is("MALFORMED_REQUEST"));
        }
        JsonNode empty = json(send(400, "POST", "/api/v1/topics", "", "Content-Type", "application/json"));
        assertThat(empty.path("detail").asText(), containsString("needs a body"));
        send(422, "POST", "/api/v1/topics", "[]");
        send(422, "POST", "/api/v1/topics", "null");
        send(413, "POST", "/api/v1/topics", "{\"name\":\"" + "x".repeat(1 << 20) + "\"}");
        send(413, "POST", "/api/v1/topics", "{\"name\":\"" + "x".repeat(5 << 20) + "\"}");
    }

    @Test
    void parametersThatAreUnknownTwiceOrWrongAreNamed() {
        String[][] cases = {
            {"/api/v1/topics?limt=3", "?limt"},
            {"/api/v1/topics?limit=3&limit=4", "?limit"},
            {"/api/v1/topics?limit=0", "?limit"},
            {"/api/v1/topics?limit=1001", "?limit"},
            {"/api/v1/topics?limit=%2B5", "?limit"},
            {"/api/v1/topics?internal=yes", "?internal"},
            {"/api/v1/topics?pageToken=!!", "?pageToken"},
            {"/api/v1/topics?pageToken=AAAA", "?pageToken"},
            {"/api/v1/topics?namePrefix=" + "n".repeat(300), "?namePrefix"},
        };
        for (String[] one : cases) {
            JsonNode problem = json(send(400, "GET", one[0], ""));
            assertThat(one[0], problem.at("/errors/0/pointer").asText(), is(one[1]));
        }
    }

    @Test
    void configurationsShowValueSourceAndDefault() {
        send(201, "POST", "/api/v1/topics", "{\"name\":\"t\",\"configs\":{\"retention.ms\":1000}}");
        JsonNode before = entry("/api/v1/topics/t/configs", "retention.ms");
        assertThat(before.path("value").asText(), is("1000"));
        assertThat(before.path("source").asText(), is("topic"));
        assertThat(before.path("type").asText(), is("long"));
        assertThat(before.path("defaultValue").asText(), is("604800000"));
        send(200, "PATCH", "/api/v1/topics/t/configs", "{\"configs\":{\"retention.ms\":null}}");
        JsonNode after = entry("/api/v1/topics/t/configs", "retention.ms");
        assertThat(after.path("value").asText(), is("604800000"));
        assertThat(after.path("isDefault").asBoolean(), is(true));
        send(422, "PATCH", "/api/v1/topics/t/configs", "{}");
        send(404, "GET", "/api/v1/topics/none/configs", "");
    }

    private JsonNode entry(String path, String name) {
        for (JsonNode entry : json(send(200, "GET", path, "")).path("items")) {
            if (entry.path("name").asText().equals(name)) {
                return entry;
            }
        }
        throw new AssertionError(name + " is not listed");
    }

    @Test
    void partitionsShowTheirOffsetsProducersAndSegments() {
        create("t");
        JsonNode page = json(send(200, "GET", "/api/v1/topics/t/partitions?limit=1", ""));
        assertThat(page.path("total").asInt(), is(2));
        String rest = "/api/v1/topics/t/partitions?pageToken="
                + page.path("nextPageToken").asText();
        assertThat(json(send(200, "GET", rest, "")).at("/items/0/partition").asInt(), is(1));
        JsonNode partition = json(send(200, "GET", "/api/v1/topics/t/partitions/1", ""));
        assertThat(partition.path("logStartOffset").asInt(), is(2));
        assertThat(partition.path("highWatermark").asInt(), is(12));
        assertThat(partition.at("/replicas/0/inSync").asBoolean(), is(true));
        JsonNode producers = json(send(200, "GET", "/api/v1/topics/t/partitions/0/producers", ""));
        assertThat(producers.at("/items/0/producerId").asInt(), is(4));
        JsonNode segments = json(send(200, "GET", "/api/v1/topics/t/partitions/0/segments", ""));
        assertThat(segments.at("/items/1/active").asBoolean(), is(true));
        send(404, "GET", "/api/v1/topics/t/partitions/2", "");
        send(400, "GET", "/api/v1/topics/t/partitions/-1", "");
        send(400, "GET", "/api/v1/topics/t/partitions/99999999999", "");
        send(404, "GET", "/api/v1/topics/..%2Fx/partitions/0", "");
    }

    @Test
    void requestsThatAskForALaterMetadataIndexAreToldSo() {
        JsonNode behind = json(send(503, "GET", "/api/v1/topics", "", "Jofka-Min-Metadata-Index", "999"));
        assertThat(behind.path("code").asText(), is("METADATA_BEHIND"));
        assertThat(behind.path("retriable").asBoolean(), is(true));
        send(200, "GET", "/api/v1/topics", "", "Jofka-Min-Metadata-Index", "5");
        send(400, "GET", "/api/v1/topics", "", "Jofka-Min-Metadata-Index", "five");
    }

    @Test
    void idsAndTracesAreEchoed() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        HttpResponse<String> answer =
                send(404, "GET", "/api/v1/topics/x", "", "X-Request-Id", "my-id.1", "traceparent", trace);
        assertThat(answer.headers().firstValue("X-Request-Id").orElse(""), is("my-id.1"));
        assertThat(answer.headers().firstValue("traceparent").orElse(""), is(trace));
        assertThat(json(answer).path("requestId").asText(), is("my-id.1"));
        HttpResponse<String> other =
                send(200, "GET", "/api/v1/topics", "", "X-Request-Id", "bad id", "traceparent", "x");
        assertThat(other.headers().firstValue("X-Request-Id").orElse("").length(), is(16));
        assertThat(other.headers().firstValue("traceparent").isPresent(), is(false));
        assertThat(other.headers().firstValue("Content-Type").orElse(""), startsWith("application/json"));
    }
}
