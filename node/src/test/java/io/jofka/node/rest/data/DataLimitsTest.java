package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.node.rest.data.exchange.DataLimits;
import io.micrometer.core.instrument.Gauge;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DataLimitsTest {
    private static DataServer server;

    @BeforeAll
    static void start() {
        DataLimits limits = new DataLimits(
                4 << 20,
                20,
                64 << 20,
                100,
                32,
                8,
                1_024,
                2_000,
                1 << 20,
                4,
                1,
                1,
                10,
                1 << 20,
                5,
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
        server = new DataServer(limits);
        server.topic("t", 1);
        server.topic("silent", 1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsAnnouncedLength() {
        HttpResponse<String> answer = server.post("/topics/t/records", new byte[(4 << 20) + 1]);
        assertThat(answer.statusCode(), is(413));
        assertThat(answer.body(), containsString("BODY_TOO_LARGE"));
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedWhenItIsReached() throws IOException {
        try (Socket socket = server.connect(
                "POST /api/v1/topics/t/records HTTP/1.1",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked")) {
            byte[] chunk = (Integer.toHexString(1 << 20) + "\r\n" + " ".repeat(1 << 20) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream().write(chunk);
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine(), containsString(" 413 "));
        }
    }

    @Test
    void aBombIsStoppedByItsRatio() throws IOException {
        HttpResponse<String> answer =
                server.post("/topics/t/records", gzip(new byte[3 << 20]), "Content-Encoding", "gzip");
        assertThat(answer.statusCode(), is(413));
        assertThat(answer.body(), containsString("20 times"));
    }

    @Test
    void aTruncatedGzipBodyIsMalformed() throws IOException {
        byte[] whole = gzip("{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8));
        byte[] half = java.util.Arrays.copyOf(whole, whole.length - 6);
        HttpResponse<String> answer = server.post("/topics/t/records", half, "Content-Encoding", "gzip");
        assertThat(answer.statusCode(), is(400));
        assertThat(answer.body(), containsString("gzip"));
    }

    @Test
    void recordsInARequestAreCounted() {
        String body = "{\"records\":[" + "{},".repeat(100) + "{}]}";
        assertThat(server.post("/topics/t/records", body).statusCode(), is(413));
    }

    @Test
    void aLongLineFailsAlone() {
        String body = "{\"value\":\"" + "x".repeat(3_000) + "\"}\n{\"value\":1}\n" + "y".repeat(200_000);
        HttpResponse<String> answer = server.post("/topics/t/records", body, "Content-Type", "application/x-ndjson");
        assertThat(answer.body(), containsString("{\"summary\":{\"lines\":3,\"stored\":1,\"failed\":2}}"));
    }

    @Test
    void aSecondLongPollIsToldToComeLater() throws Exception {
        String path = "/topics/silent/partitions/0/records?waitMs=";
        Thread first = Thread.ofVirtual().start(() -> server.get(path + "3000"));
        awaitLongPolls(1);
        assertThat(server.get(path + "1").statusCode(), is(429));
        first.join();
        awaitLongPolls(0);
        assertThat(server.get(path + "1").statusCode(), is(200));
    }

    /** A place is given back a moment after the answer. */
    private static void awaitLongPolls(int wanted) {
        Gauge taken = server.metrics
                .get("jofka.rest.data.taken")
                .tag("limit", "longPolls")
                .gauge();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while ((int) taken.value() != wanted && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat((int) taken.value(), is(wanted));
    }

    @Test
    void aSecondTailIsRefusedAndASilentOneBeats() throws IOException {
        String get = "GET /api/v1/topics/silent/records HTTP/1.1";
        try (Socket first = server.connect(get, "Accept: text/event-stream")) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (line != null && !line.equals(": heartbeat")) {
                line = in.readLine();
            }
            assertThat(line, is(": heartbeat"));
            try (Socket second = server.connect(get, "Accept: text/event-stream")) {
                BufferedReader refused =
                        new BufferedReader(new InputStreamReader(second.getInputStream(), StandardCharsets.UTF_8));
                assertThat(refused.readLine(), containsString(" 429 "));
            }
        }
        // a reader that went away gives its place back when the next heartbeat fails
        long deadline = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        String status = " 429 ";
        while (status.contains(" 429 ") && System.nanoTime() < deadline) {
            try (Socket next = server.connect(get, "Accept: text/event-stream")) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(next.getInputStream(), StandardCharsets.UTF_8));
                status = String.valueOf(in.readLine());
            }
        }
        assertThat(status, containsString(" 200 "));
    }

    @Test
    void scanningStopsAtItsLimitAndSaysSo() {
        server.topic("scan", 1);
        server.post("/topics/scan/records", "{\"records\":[" + "{\"value\":1},".repeat(20) + "{\"value\":2}]}");
        HttpResponse<String> answer = server.get("/topics/scan/partitions/0/records?valueContains=2");
        assertThat(answer.body(), containsString("\"records\":[],\"nextOffset\":5"));
        assertThat(answer.body(), containsString("\"scanned\":5"));
    }

    @Test
    void endlessHeadersAreCutByTheServer() {
        String many = "x".repeat(100_000);
        HttpResponse<String> answer = server.post("/topics/t/records", "{}", "X-Big", many);
        assertThat(answer.statusCode(), anyOf(is(400), is(431), is(413)));
        assertThat(server.get("/topics/t/offsets").statusCode(), lessThan(300));
    }
}
