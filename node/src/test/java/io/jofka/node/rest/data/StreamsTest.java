package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jofka.node.rest.admin.ContractCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What streams and pages over many partitions tell beside records, item by item as the document has it. */
class StreamsTest {
    private static final ContractCheck CONTRACT = new ContractCheck();
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void put(String topic, int partition, int count) {
        String record = "{\"partition\":" + partition + ",\"timestampMs\":5,\"value\":{\"a\":1}}";
        String body = "{\"records\":[" + (record + ",").repeat(count - 1) + record + "]}";
        assertThat(server.post("/topics/" + topic + "/records", body).statusCode(), is(200));
    }

    private static void truncate(String topic, int before) {
        String path = "/topics/" + topic + "/partitions/0/truncate";
        assertThat(
                server.post(path, "{\"beforeOffset\":" + before + "}").body(),
                containsString("\"logStartOffset\":" + before + ",\"deletedOffsets\":" + before));
    }

    private static String cursor(String page) {
        return page.replaceAll("(?s).*\"cursor\":\"([^\"]+)\".*", "$1");
    }

    private static void check(String schema, String item) {
        assertThat(item, CONTRACT.faultsOf(schema, item), empty());
    }

    @Test
    void pagesAndLinesBeginAtTheEarliestRecordAndTheTailAtTheLatest() throws IOException {
        server.topic("begin", 1);
        put("begin", 0, 2);
        assertThat(server.get("/topics/begin/records").body(), containsString("\"offset\":0"));
        List<String> lines = lines("begin", "");
        assertThat(lines.size(), is(3));
        check("LogRecord", lines.get(0));
        check("StreamEnd", lines.get(2));
        try (Tail tail = new Tail("begin", "")) {
            tail.next("id: ");
            put("begin", 0, 1);
            String record = tail.event("record");
            check("LogRecord", record);
            assertThat(record, containsString("\"offset\":2"));
        }
    }

    private static List<String> lines(String topic, String query) {
        return server.get("/topics/" + topic + "/records" + query, "Accept", "application/x-ndjson")
                .body()
                .lines()
                .toList();
    }

    @Test
    void deletedRecordsAreToldInEveryForm() throws IOException {
        server.topic("gap", 2);
        put("gap", 0, 5);
        String cursor = cursor(server.get("/topics/gap/records?maxRecords=1").body());
        truncate("gap", 3);
        String gap = "{\"partition\":0,\"fromOffset\":1,\"toOffset\":3}";
        assertThat(
                server.get("/topics/gap/records?cursor=" + cursor).body(),
                allOf(containsString("\"lagged\":[" + gap + "]"), containsString("\"offset\":3")));
        List<String> lines = lines("gap", "?cursor=" + cursor);
        assertThat(lines.toString(), containsString("{\"lagged\":" + gap + "}"));
        check("OffsetGap", gap);
        try (Tail tail = new Tail("gap", "Last-Event-ID: " + cursor)) {
            String lagged = tail.event("lagged");
            check("LaggedEvent", lagged);
            assertThat(lagged, containsString("\"reason\":\"deleted\",\"gap\":" + gap + ",\"cursor\":\""));
            String there = cursor(lagged);
            assertThat(server.get("/topics/gap/records?cursor=" + there).body(), not(containsString("lagged")));
        }
    }

    @Test
    void aPartitionThatCannotBeReadIsToldAndTheOthersAreRead() throws IOException {
        server.topic("half", 2);
        put("half", 0, 1);
        put("half", 1, 1);
        server.log.offline(server.partition("half", 1), true);
        HttpResponse<String> page = server.get("/topics/half/records");
        assertThat(
                page.body(),
                allOf(
                        containsString("\"partition\":0,\"offset\":0"),
                        containsString("\"unavailable\":[{\"partition\":1,\"problem\":{"),
                        containsString("\"atEnd\":false")));
        String end = lines("half", "").getLast();
        check("StreamEnd", end);
        assertThat(end, allOf(containsString("\"unavailable\":[{\"partition\":1,"), containsString("\"atEnd\":false")));
        String many = "{\"positions\":[{\"topic\":\"half\",\"partition\":0,\"offset\":0},"
                + "{\"topic\":\"half\",\"partition\":1,\"offset\":0}]}";
        assertThat(
                server.post("/records/fetch", many).body(),
                containsString("\"unavailable\":[{\"topic\":\"half\",\"partition\":1,"));
        try (Tail tail = new Tail("half", "X-None: 1")) {
            tail.next("id: ");
            put("half", 0, 1);
            tail.next("event: unavailable");
            String told = tail.next("data: ");
            check("UnavailablePartition", told);
            assertThat(told, containsString("\"code\":\"LEADER_NOT_AVAILABLE\""));
            put("half", 0, 1);
            assertThat("told once", tail.event("record"), containsString("\"partition\":0"));
        }
        server.log.offline(server.partition("half", 0), true);
        assertThat(server.get("/topics/half/records").statusCode(), is(503));
        try (Tail tail = new Tail("half", "X-None: 1")) {
            check("Problem", tail.event("problem"));
        }
    }

    @Test
    void keysAndValuesMayHaveFormatsOfTheirOwnInOneCallOverManyTopics() {
        server.topic("formats", 1);
        server.post("/topics/formats/records", "{\"records\":[{\"key\":{\"k\":1},\"value\":{\"v\":1}}]}");
        String positions = "{\"positions\":[{\"topic\":\"formats\",\"partition\":0,\"offset\":0}]";
        assertThat(
                server.post("/records/fetch", positions + ",\"keyFormat\":\"text\",\"format\":\"base64\"}")
                        .body(),
                allOf(containsString("\"key\":\"{\\\"k\\\":1}\""), containsString("\"valueBase64\":\"eyJ2IjoxfQ==\"")));
        assertThat(
                server.post("/records/fetch", positions + ",\"valueFormat\":\"xml\"}")
                        .statusCode(),
                is(422));
    }

    /** A live tail as a browser would read it. */
    private static final class Tail implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Tail(String topic, String header) throws IOException {
            String line = "GET /api/v1/topics/" + topic + "/records HTTP/1.1";
            String accept = "Accept: text/event-stream";
            socket = header.isEmpty() ? server.connect(line, accept) : server.connect(line, accept, header);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String next(String prefix) throws IOException {
            String line = in.readLine();
            while (line != null && !line.startsWith(prefix)) {
                line = in.readLine();
            }
            if (line == null) {
                throw new IOException("the stream ended before " + prefix);
            }
            return line.substring(prefix.length());
        }

        /** The data of the next event, which must be of this type. */
        String event(String type) throws IOException {
            assertThat(next("event: "), is(type));
            return next("data: ");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
