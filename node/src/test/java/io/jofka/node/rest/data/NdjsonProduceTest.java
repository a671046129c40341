package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.jofka.api.fault.Fault;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NdjsonProduceTest {
    private static final String[] TYPE = {"Content-Type", "application/x-ndjson"};
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
        for (String topic : new String[] {"lines", "many", "live", "ahead", "gz", "half"}) {
            server.topic(topic, 3);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyLineHasItsAnswerAndABadLineFailsAlone() {
        HttpResponse<String> answer = server.post(
                "/topics/lines/records",
                "{\"value\":1,\"partition\":0,\"timestampMs\":1}\n{\"value\":\n\n{\"value\":2,\"partition\":7}\r\n[]\n"
                        + "{\"value\":3,\"partition\":0,\"timestampMs\":2}",
                TYPE);
        assertThat(answer.statusCode(), is(200));
        List<String> lines = answer.body().lines().toList();
        assertThat(lines, hasSize(6));
        assertThat(lines.get(0), is("{\"line\":1,\"partition\":0,\"offset\":0,\"timestampMs\":1}"));
        assertThat(lines.get(1), startsWith("{\"line\":2,\"problem\":{\"type\":\"/problems/malformed-request\""));
        assertThat(lines.get(2), containsString("\"code\":\"INVALID_PARTITION\""));
        assertThat(lines.get(3), startsWith("{\"line\":5,\"problem\":"));
        assertThat(lines.get(4), is("{\"line\":6,\"partition\":0,\"offset\":1,\"timestampMs\":2}"));
        assertThat(lines.get(5), is("{\"summary\":{\"lines\":6,\"stored\":2,\"failed\":3}}"));
    }

    @Test
    void aLongStreamIsStoredInOrder() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            body.append("{\"key\":\"k\",\"value\":").append(i).append("}\n");
        }
        HttpResponse<String> answer = server.post("/topics/many/records", body.toString(), TYPE);
        List<String> lines = answer.body().lines().toList();
        assertThat(lines.getLast(), is("{\"summary\":{\"lines\":30000,\"stored\":30000,\"failed\":0}}"));
        for (int i = 0; i < 30_000; i++) {
            assertThat(lines.get(i), startsWith("{\"line\":" + (i + 1) + ","));
            assertThat(lines.get(i), containsString("\"offset\":" + i + ","));
        }
    }

    @Test
    void aLineThatIsAnsweredBeforeTheNextIsSentKeepsTheStreamOpen() throws IOException {
        try (Socket socket = server.connect(
                "POST /api/v1/topics/live/records HTTP/1.1",
                "Content-Type: application/x-ndjson",
                "Transfer-Encoding: chunked")) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 3; i++) {
                String line = "{\"value\":" + i + ",\"partition\":1}\n";
                out.write((Integer.toHexString(line.length()) + "\r\n" + line + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                String got = in.readLine();
                while (got != null && !got.startsWith("{\"line\"")) {
                    got = in.readLine();
                }
                assertThat(got, containsString("\"offset\":" + i));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String got = in.readLine();
            while (got != null && !got.startsWith("{\"summary\"")) {
                got = in.readLine();
            }
            assertThat(got, is("{\"summary\":{\"lines\":3,\"stored\":3,\"failed\":0}}"));
        }
    }

    @Test
    void aCallerMaySendEverythingBeforeItReads() throws IOException {
        int count = 200_000;
        try (Socket socket = server.connect(
                "POST /api/v1/topics/ahead/records HTTP/1.1",
                "Content-Type: application/x-ndjson",
                "Content-Length: " + count * 12)) {
            OutputStream out = socket.getOutputStream();
            byte[] thousand = "{\"value\":1}\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < count; sent += 1_000) {
                out.write(thousand);
            }
            out.flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String got = in.readLine();
            while (got != null && !got.startsWith("{\"summary\"")) {
                got = in.readLine();
            }
            assertThat(got, is("{\"summary\":{\"lines\":200000,\"stored\":200000,\"failed\":0}}"));
        }
    }

    @Test
    void gzipIsInflatedOnTheWay() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("{\"value\":1}\n{\"value\":2}\n".getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = server.post(
                "/topics/gz/records",
                bytes.toByteArray(),
                "Content-Type",
                "application/x-ndjson",
                "Content-Encoding",
                "gzip");
        assertThat(answer.body(), containsString("\"stored\":2,\"failed\":0"));
    }

    @Test
    void aPartitionThatFailsFailsItsLines() {
        server.log.fail(server.partition("half", 2), Fault.STORAGE_OFFLINE, "The log directory is offline.");
        HttpResponse<String> answer = server.post(
                "/topics/half/records", "{\"value\":1,\"partition\":0}\n{\"value\":1,\"partition\":2}\n", TYPE);
        assertThat(answer.body(), containsString("{\"line\":2,\"problem\":{"));
        assertThat(answer.body(), containsString("\"code\":\"STORAGE_OFFLINE\""));
        assertThat(answer.body(), containsString("\"stored\":1,\"failed\":1"));
    }
}
