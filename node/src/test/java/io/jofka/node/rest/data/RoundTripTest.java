package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is produced is read back byte for byte, in every form of produce and in every format of reading. */
class RoundTripTest {
    private static final int RECORDS = 400;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Bytes as they must be stored, and a member of the request that says them. */
    private record Part(byte @Nullable [] bytes, String member) {}

    private record Header(String name, Part value) {}

    private record Sent(Part key, Part value, List<Header> headers, long timestampMs) {}

    private final List<Sent> sent = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4_000, 50_000})
    void jsonAndLinesAndEveryFormatOfReadingAgree(long seed) throws Exception {
        RandomJson random = new RandomJson(new Random(seed));
        String topic = "trip-" + seed;
        server.topic(topic, 1);
        for (int i = 0; i < RECORDS; i++) {
            sent.add(draw(random));
        }
        StringBuilder batch = new StringBuilder("{\"records\":[");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            if (i < RECORDS / 2) {
                batch.append(i == 0 ? "" : ",").append(record(sent.get(i)));
            } else {
                lines.append(record(sent.get(i)).replace('\n', ' ')).append('\n');
            }
        }
        HttpResponse<String> answer = server.post("/topics/" + topic + "/records", batch + "]}");
        assertThat(answer.body(), answer.statusCode(), is(200));
        HttpResponse<String> summary =
                server.post("/topics/" + topic + "/records", lines.toString(), "Content-Type", "application/x-ndjson");
        assertThat(
                summary.body().lines().toList().getLast(),
                is("{\"summary\":{\"lines\":200,\"stored\":200,\"failed\":0}}"));
        for (String format : new String[] {"base64", "text", "auto", "json"}) {
            check(
                    format,
                    server.get("/topics/" + topic + "/partitions/0/records?maxRecords=1000&format=" + format)
                            .body());
        }
    }

    private static Sent draw(RandomJson random) {
        List<Header> headers = new ArrayList<>();
        for (int i = random.below(4) - 1; i > 0; i--) {
            headers.add(new Header(random.text(), part(random, "value")));
        }
        return new Sent(part(random, "key"), part(random, "value"), headers, random.below(1_000_000));
    }

    private static Part part(RandomJson random, String name) {
        switch (random.below(5)) {
            case 0 -> {
                return new Part(null, random.below(2) == 0 ? "" : "\"" + name + "\":null");
            }
            case 1 -> {
                byte[] bytes = random.bytes();
                String base64 = Base64.getEncoder().encodeToString(bytes);
                return new Part(bytes, "\"" + name + "Base64\" : \"" + base64 + "\"");
            }
            case 2 -> {
                String text = random.text();
                return new Part(text.getBytes(StandardCharsets.UTF_8), "\"" + name + "\":" + random.quoted(text));
            }
            default -> {
                String json = random.compositeOrNumber().replace('\n', ' ');
                return new Part(json.getBytes(StandardCharsets.UTF_8), "\"" + name + "\": " + json);
            }
        }
    }

    private static String record(Sent record) {
        List<String> members =
                new ArrayList<>(List.of(record.value().member(), record.key().member()));
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            String value = header.value().member();
            headers.add("{" + (value.isEmpty() ? "" : value + ",") + "\"name\":" + quoted(header.name()) + "}");
        }
        if (!headers.isEmpty()) {
            members.add("\"headers\":[" + String.join(",", headers) + "]");
        }
        members.add("\"timestampMs\":" + record.timestampMs());
        members.removeIf(String::isEmpty);
        return "{" + String.join(" ,\t", members) + "}";
    }

    private static String quoted(String text) {
        return MAPPER.getNodeFactory().textNode(text).toString();
    }

    private void check(String format, String page) throws Exception {
        JsonNode records = MAPPER.readTree(page).path("records");
        assertThat(records.size(), is(RECORDS));
        for (int i = 0; i < RECORDS; i++) {
            JsonNode read = records.get(i);
            Sent record = sent.get(i);
            String what = format + " " + i + " " + read;
            assertThat(what, read.path("offset").asInt(), is(i));
            assertThat(what, read.path("timestampMs").asLong(), is(record.timestampMs()));
            same(what, read, "key", record.key().bytes());
            same(what, read, "value", record.value().bytes());
            assertThat(what, read.path("headers").size(), is(record.headers().size()));
            for (int h = 0; h < record.headers().size(); h++) {
                JsonNode header = read.path("headers").get(h);
                assertThat(
                        what,
                        header.path("name").asText(),
                        is(record.headers().get(h).name()));
                same(what, header, "value", record.headers().get(h).value().bytes());
            }
        }
    }

    /** Text and base64 give the bytes themselves; JSON gives what the bytes mean. */
    private static void same(String what, JsonNode in, String name, byte @Nullable [] bytes) throws Exception {
        JsonNode text = in.path(name);
        JsonNode base64 = in.path(name + "Base64");
        if (bytes == null) {
            assertThat(what, (text.isMissingNode() || text.isNull()) && base64.isMissingNode(), is(true));
        } else if (!base64.isMissingNode()) {
            assertThat(what, Base64.getDecoder().decode(base64.asText()), equalTo(bytes));
        } else if (text.isTextual()) {
            byte[] shown = text.asText().getBytes(StandardCharsets.UTF_8);
            byte[] meant = bytes.length > 1 && bytes[0] == '"' && !java.util.Arrays.equals(shown, bytes)
                    ? MAPPER.readTree(bytes).asText().getBytes(StandardCharsets.UTF_8)
                    : bytes;
            assertThat(what, shown, equalTo(meant));
        } else {
            assertThat(what, text, equalTo(MAPPER.readTree(bytes)));
        }
    }
}
