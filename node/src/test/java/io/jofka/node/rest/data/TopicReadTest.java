package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicReadTest {
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void put(String topic, int partition, String... values) {
        StringBuilder body = new StringBuilder("{\"records\":[");
        for (String value : values) {
            body.append(body.length() > 12 ? "," : "")
                    .append("{\"partition\":")
                    .append(partition)
                    .append(",\"timestampMs\":1000,\"key\":\"k")
                    .append(value)
                    .append("\",\"value\":\"")
                    .append(value)
                    .append("\",\"headers\":[{\"name\":\"n\",\"value\":\"h")
                    .append(value)
                    .append("\"}]}");
        }
        assertThat(server.post("/topics/" + topic + "/records", body + "]}").statusCode(), is(200));
    }

    private static String cursor(String page) {
        return page.replaceAll("(?s).*\"cursor\":\"([^\"]+)\".*", "$1");
    }

    @Test
    void aCursorGoesOnInAllPartitionsAndTakesNewOnesIn() {
        server.topic("grow", 2);
        put("grow", 0, "a", "b");
        put("grow", 1, "c");
        String first = server.get("/topics/grow/records?maxRecords=2").body();
        String second =
                server.get("/topics/grow/records?cursor=" + cursor(first)).body();
        assertThat(first + second, allOf(containsString("\"a\""), containsString("\"b\""), containsString("\"c\"")));
        assertThat(second, containsString("\"atEnd\":true"));
        server.images.topic("grow", 3, Map.of());
        put("grow", 2, "d");
        String third =
                server.get("/topics/grow/records?cursor=" + cursor(second)).body();
        assertThat(third, allOf(containsString("\"partition\":2"), containsString("\"value\":\"d\"")));
        assertThat(third, not(containsString("\"a\"")));
    }

    @Test
    void aCursorThatWasChangedIsRefused() {
        server.topic("tamper", 1);
        String cursor = cursor(server.get("/topics/tamper/records").body());
        HttpResponse<String> answer = server.get("/topics/tamper/records?cursor=" + cursor.replace('A', 'B'));
        assertThat(answer.statusCode(), is(400));
        assertThat(answer.body(), containsString("\"pointer\":\"?cursor\""));
        server.topic("other", 1);
        assertThat(server.get("/topics/other/records?cursor=" + cursor).statusCode(), is(400));
        server.images.remove("tamper");
        server.topic("tamper", 1);
        assertThat(server.get("/topics/tamper/records?cursor=" + cursor).statusCode(), is(404));
    }

    @Test
    void ndjsonStreamsToTheEndAndClosesWithTheCursor() {
        server.topic("stream", 1);
        put("stream", 0, "a", "b", "c");
        String body = server.get("/topics/stream/records", "Accept", "application/x-ndjson")
                .body();
        assertThat(body.lines().count(), is(4L));
        assertThat(
                body.lines().toList().getLast(),
                allOf(startsWith("{\"cursor\":\""), containsString("\"atEnd\":true}")));
    }

    @Test
    void aPrettyPrintedValueStaysOnItsLine() {
        server.topic("pretty", 1);
        server.post("/topics/pretty/records", "{\"records\":[{\"value\":{\n  \"a\": \"x\\ny\"\n}}]}");
        String body = server.get("/topics/pretty/records", "Accept", "application/x-ndjson")
                .body();
        assertThat(body, containsString("\"value\":{   \"a\": \"x\\ny\" }"));
        assertThat(body.lines().count(), is(2L));
    }

    @Test
    void filtersLetThroughOnlyWhatTheyNameAndSayHowMuchWasScanned() {
        server.topic("filter", 1);
        put("filter", 0, "a", "b", "c");
        server.post("/topics/filter/records", "{\"records\":[{\"value\":{\"x\":{\"y/z\":[1,20.50]}}}]}");
        String base = "/topics/filter/partitions/0/records?";
        assertThat(
                server.get(base + "keyEquals=kb").body(),
                allOf(
                        containsString("\"value\":\"b\""),
                        not(containsString("\"value\":\"a\"")),
                        containsString("\"scanned\":4")));
        assertThat(server.get(base + "headerEquals=n:hc").body(), containsString("\"offset\":2"));
        assertThat(server.get(base + "valueContains=20.5").body(), containsString("\"offset\":3"));
        assertThat(server.get(base + "jsonPointer=/x/y~1z/1&equals=20.50").body(), containsString("\"offset\":3"));
        assertThat(server.get(base + "jsonPointer=/x/y~1z/1&equals=20.5").body(), containsString("\"records\":[]"));
        assertThat(server.get(base + "equals=1").statusCode(), is(400));
    }

    @Test
    void manyTopicsAreReadInOneCall() {
        server.topic("one", 1);
        server.topic("two", 1);
        put("one", 0, "a");
        put("two", 0, "b");
        HttpResponse<String> page = server.post(
                "/records/fetch",
                "{\"positions\":[{\"topic\":\"one\",\"partition\":0,\"offset\":0},"
                        + "{\"topic\":\"two\",\"partition\":0,\"offset\":0}]}");
        assertThat(
                page.body(),
                allOf(
                        containsString("\"topic\":\"one\",\"partition\":0"),
                        containsString("\"topic\":\"two\",\"partition\":0")));
        put("two", 0, "c");
        String next = server.post("/records/fetch", "{\"cursor\":\"" + cursor(page.body()) + "\"}")
                .body();
        assertThat(next, allOf(containsString("\"value\":\"c\""), not(containsString("\"value\":\"b\""))));
    }

    @Test
    void offsetsThatAreGoneAreA410WithTheStartAndAPageGoesOnBehindThem() {
        server.topic("cut", 1);
        put("cut", 0, "a", "b", "c");
        String cursor = cursor(server.get("/topics/cut/records?maxRecords=1").body());
        HttpResponse<String> dry = server.post("/topics/cut/partitions/0/truncate?dryRun=true", "{\"beforeOffset\":2}");
        assertThat(dry.body(), containsString("\"logStartOffset\":2,\"deletedOffsets\":2"));
        assertThat(server.get("/topics/cut/offsets?at=earliest").body(), containsString("\"offset\":0"));
        server.post("/topics/cut/partitions/0/truncate", "{\"beforeOffset\":2}");
        HttpResponse<String> gone = server.get("/topics/cut/partitions/0/records?offset=0");
        assertThat(gone.statusCode(), is(410));
        assertThat(gone.body(), containsString("\"logStartOffset\":2"));
        String page = server.get("/topics/cut/records?cursor=" + cursor).body();
        assertThat(
                page,
                allOf(
                        containsString("\"value\":\"c\""),
                        containsString("\"lagged\":[{\"partition\":0,\"fromOffset\":1,\"toOffset\":2}]")));
    }

    @Test
    void aLongPollIsAnsweredByTheRecordThatComes() throws Exception {
        server.topic("poll", 1);
        Thread writer = Thread.ofVirtual().start(() -> put("poll", 0, "late"));
        String page =
                server.get("/topics/poll/partitions/0/records?waitMs=10000").body();
        writer.join();
        assertThat(page, containsString("\"value\":\"late\""));
    }

    @Test
    void aLiveTailGivesNewRecordsAndIsResumedByItsId() throws IOException {
        server.topic("tail", 1);
        put("tail", 0, "old");
        String id;
        try (Socket socket = connect("tail", "X-None: 1")) {
            BufferedReader in = reader(socket);
            until(in, "id: ");
            put("tail", 0, "new1");
            id = until(in, "id: ").substring(4);
            assertThat(until(in, "data: "), containsString("\"value\":\"new1\""));
        }
        put("tail", 0, "new2");
        try (Socket socket = connect("tail", "Last-Event-ID: " + id)) {
            BufferedReader in = reader(socket);
            assertThat(until(in, "data: "), containsString("\"value\":\"new2\""));
        }
    }

    private static Socket connect(String topic, String header) {
        String line = "GET /api/v1/topics/" + topic + "/records HTTP/1.1";
        return server.connect(line, "Accept: text/event-stream", header);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        Reader reader = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
        return new BufferedReader(reader);
    }

    private static String until(BufferedReader in, String prefix) throws IOException {
        String line = in.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the stream ended before " + prefix);
        }
        return line;
    }
}
