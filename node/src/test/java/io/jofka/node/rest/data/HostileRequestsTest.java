package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row is answered by the clear problem it says, stores nothing, and leaves the server healthy. */
class HostileRequestsTest {
    private static final String RECORDS = "/topics/t/records";
    private static final String PARTITION = "/topics/t/partitions/0/records";
    private static final String READ = PARTITION;
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
        server.topic("t", 4);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Nothing was stored, and a good request is still served. */
    @AfterEach
    void healthy() {
        assertThat(
                server.get("/topics/t/offsets?at=latest").body(),
                allOf(containsString("\"partition\":3,\"offset\":0"), not(containsString("\"offset\":1"))));
    }

    /** @param inside a part of the answer that must be there */
    record Row(String path, byte[] body, int status, String inside, String... headers) {
        @Override
        public String toString() {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            return status + " " + path + " " + text.substring(0, Math.min(60, text.length()))
                    + Arrays.toString(headers);
        }
    }

    private static Row json(int status, String inside, String body) {
        return new Row(RECORDS, body.getBytes(StandardCharsets.UTF_8), status, inside);
    }

    private static Row record(int status, String inside, String record) {
        return json(status, inside, "{\"records\":[" + record + "]}");
    }

    private static Row path(int status, String inside, String path) {
        return new Row(path, "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8), status, inside);
    }

    private static Row header(int status, String inside, String... headers) {
        byte[] body = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);
        return new Row(RECORDS, body, status, inside, headers);
    }

    private static Row bytes(int status, String inside, byte[] body, String... headers) {
        return new Row(RECORDS, body, status, inside, headers);
    }

    static Stream<Row> grammar() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String deepObject = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        return Stream.of(
                json(400, "ends too early", ""),
                json(400, "MALFORMED_REQUEST", "{"),
                json(400, "MALFORMED_REQUEST", "{\"records\""),
                json(400, "MALFORMED_REQUEST", "{\"records\":"),
                json(400, "MALFORMED_REQUEST", "{\"records\":["),
                json(400, "/records/0", "{\"records\":[{"),
                json(400, "/records/0", "{\"records\":[{\"value\":"),
                json(400, "/records/1", "{\"records\":[{\"value\":1},{\"value\":}]}"),
                json(400, "MALFORMED_REQUEST", "{\"records\":[{\"value\":1},]}"),
                json(400, "MALFORMED_REQUEST", "{\"records\":[{\"value\":1}],}"),
                json(400, "goes on after its end", "{\"records\":[{\"value\":1}]} x"),
                json(400, "goes on after its end", "{\"records\":[{\"value\":1}]}{\"records\":[]}"),
                json(400, "MALFORMED_REQUEST", "{records:[{}]}"),
                json(400, "MALFORMED_REQUEST", "{'records':[{}]}"),
                json(400, "MALFORMED_REQUEST", "\ufeff{\"records\":[{\"value\":1}]}"),
                json(400, "MALFORMED_REQUEST", "//c\n{\"records\":[{\"value\":1}]}"),
                json(400, "MALFORMED_REQUEST", "<xml/>"),
                record(400, "MALFORMED_REQUEST", "{\"value\":NaN}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":Infinity}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":-}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":01}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":1.}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":1e}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":+1}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":0x10}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":tru}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":TRUE}"),
                record(400, "not closed", "{\"value\":\"abc}"),
                record(400, "control character", "{\"value\":\"a\nb\"}"),
                record(400, "control character", "{\"value\":\"a\u0000b\"}"),
                record(400, "unknown escape", "{\"value\":\"\\x\"}"),
                record(400, "four hexadecimal", "{\"value\":\"\\u12g4\"}"),
                record(400, "surrogate", "{\"value\":\"\\ud800\"}"),
                record(400, "surrogate", "{\"value\":\"\\udc00x\"}"),
                record(400, "surrogate", "{\"value\":\"\\ud800\\u0041\"}"),
                record(400, "deeper than", "{\"value\":" + deep + "}"),
                record(400, "deeper than", "{\"value\":" + deepObject + "}"),
                record(400, "MALFORMED_REQUEST", "{\"value\":" + "[".repeat(10_000)),
                json(400, "deeper than", deep),
                bytes(400, "UTF-8", raw("{\"records\":[{\"value\":\"", 0xff, "\"}]}")),
                bytes(400, "UTF-8", raw("{\"records\":[{\"value\":\"", 0xc0, "\"}]}")),
                bytes(400, "UTF-8", new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'}),
                bytes(400, "UTF-8", new byte[] {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'}),
                bytes(400, "UTF-8", new byte[] {'"', (byte) 0xe2, (byte) 0x82}),
                bytes(400, "MALFORMED_REQUEST", "{\"records\":[{}]}".getBytes(StandardCharsets.UTF_16)),
                bytes(400, "MALFORMED_REQUEST", new byte[1_000]));
    }

    private static byte[] raw(String before, int odd, String after) {
        return (before + (char) odd + after).getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<Row> content() {
        return Stream.of(
                json(422, "must be an object", "[]"),
                json(422, "must be an object", "1"),
                json(422, "must be an object", "null"),
                json(422, "missing", "{}"),
                json(422, "must be an array", "{\"records\":{}}"),
                json(422, "must be an array", "{\"records\":null}"),
                json(422, "At least one record", "{\"records\":[]}"),
                json(422, "given twice", "{\"records\":[{\"value\":1}],\"records\":[{\"value\":1}]}"),
                json(422, "other than", "{\"records\":[{\"value\":1}],\"acks\":1}"),
                record(422, "/records/0", "1"),
                record(422, "/records/0", "null"),
                record(422, "/records/0", "[{}]"),
                record(422, "/records/0/valeu", "{\"valeu\":1}"),
                record(422, "/records/0/value", "{\"value\":1,\"value\":2}"),
                record(422, "Only one of value", "{\"value\":1,\"valueBase64\":\"AA==\"}"),
                record(422, "Only one of key", "{\"key\":1,\"keyBase64\":\"AA==\"}"),
                record(422, "/records/0/valueBase64", "{\"valueBase64\":\"***\"}"),
                record(422, "/records/0/valueBase64", "{\"valueBase64\":7}"),
                record(422, "/records/0/keyBase64", "{\"keyBase64\":\"A\"}"),
                record(422, "INVALID_PARTITION", "{\"partition\":4}"),
                record(422, "INVALID_PARTITION", "{\"partition\":-1}"),
                record(422, "INVALID_PARTITION", "{\"partition\":1.5}"),
                record(422, "INVALID_PARTITION", "{\"partition\":\"0\"}"),
                record(422, "INVALID_PARTITION", "{\"partition\":99999999999999999999}"),
                record(422, "INVALID_PARTITION", "{\"partition\":4294967296}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestamp\":\"yesterday\"}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestamp\":5}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestamp\":\"1969-12-31T23:59:59Z\"}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestamp\":\"2026-02-30T00:00:00Z\"}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestampMs\":-1}"),
                record(422, "INVALID_TIMESTAMP", "{\"timestampMs\":1e3}"),
                record(422, "Only one of timestamp", "{\"timestampMs\":1,\"timestamp\":\"2026-01-01T00:00:00Z\"}"),
                record(422, "/records/0/headers", "{\"headers\":{}}"),
                record(422, "/records/0/headers/0", "{\"headers\":[1]}"),
                record(422, "/records/0/headers/0/name", "{\"headers\":[{}]}"),
                record(422, "/records/0/headers/0/name", "{\"headers\":[{\"name\":null}]}"),
                record(422, "/records/0/headers/0/x~1y", "{\"headers\":[{\"name\":\"a\",\"x/y\":1}]}"),
                record(422, "256 headers", "{\"headers\":[" + "{\"name\":\"a\"},".repeat(299) + "{\"name\":\"a\"}]}"),
                record(422, "65536 bytes", "{\"headers\":[{\"name\":\"a\",\"value\":\"" + "x".repeat(70_000) + "\"}]}"),
                record(413, "RECORD_TOO_LARGE", "{\"value\":\"" + "x".repeat(1_100_000) + "\"}"),
                new Row(
                        PARTITION,
                        "{\"records\":[{\"partition\":1}]}".getBytes(StandardCharsets.UTF_8),
                        422,
                        "the address partition 0"));
    }

    static Stream<Row> around() {
        String batches = "/topics/t/partitions/0/batches";
        String type = "Content-Type";
        String batch = "application/vnd.jofka.record-batches";
        return Stream.of(
                path(404, "UNKNOWN_TOPIC", "/topics/none/records"),
                path(404, "UNKNOWN_TOPIC", "/topics/..%2f..%2fetc/records"),
                path(404, "UNKNOWN_TOPIC", "/topics/%00/records"),
                path(404, "UNKNOWN_TOPIC", "/topics/" + "x".repeat(1_000) + "/records"),
                path(404, "has no partition 4", "/topics/t/partitions/4/records"),
                path(400, "is no partition", "/topics/t/partitions/-1/records"),
                path(400, "is no partition", "/topics/t/partitions/a/records"),
                path(400, "is no partition", "/topics/t/partitions/99999999999/records"),
                path(400, "?acks", RECORDS + "?acks=2"),
                path(400, "?acks", RECORDS + "?acks="),
                path(400, "?acks", RECORDS + "?acks=all&acks=0"),
                path(400, "?ack", RECORDS + "?ack=all"),
                path(400, "?timeoutMs", RECORDS + "?timeoutMs=0"),
                path(400, "?timeoutMs", RECORDS + "?timeoutMs=1e3"),
                path(400, "?timeoutMs", RECORDS + "?timeoutMs=99999999999999999999"),
                header(415, "\"supported\":[", type, "text/plain"),
                header(415, "UNSUPPORTED_MEDIA_TYPE", type, "application/x-www-form-urlencoded"),
                header(415, "UNSUPPORTED_MEDIA_TYPE", type, "application/json; charset=utf-16"),
                header(415, "UNSUPPORTED_MEDIA_TYPE", type, "garbage"),
                header(406, "\"supported\":[", "Accept", "text/html"),
                header(406, "NOT_ACCEPTABLE", "Accept", "application/json;q=0"),
                header(415, "Content-Encoding", "Content-Encoding", "br"),
                header(400, "gzip", "Content-Encoding", "gzip"),
                header(400, "together", "Producer-Id", "1"),
                header(400, "one partition", "Producer-Id", "1", "Producer-Epoch", "0", "Producer-Seq", "0"),
                header(400, "Idempotency-Key", "Idempotency-Key", "white space"),
                new Row(
                        PARTITION,
                        new byte[0],
                        400,
                        "Producer-Epoch",
                        "Producer-Id",
                        "1",
                        "Producer-Epoch",
                        "40000",
                        "Producer-Seq",
                        "0"),
                new Row(batches, new byte[0], 422, "CORRUPT_BATCH", type, batch),
                new Row(batches, new byte[200], 422, "\"code\":", type, batch),
                new Row(batches, new byte[] {1, 2, 3}, 422, "\"code\":", type, batch),
                new Row(
                        batches,
                        "{}".getBytes(StandardCharsets.UTF_8),
                        415,
                        "record-batches",
                        type,
                        "application/json"),
                new Row("/records/fetch", "[]".getBytes(StandardCharsets.UTF_8), 422, "INVALID_BODY"),
                new Row("/records/fetch", "{}".getBytes(StandardCharsets.UTF_8), 422, "Either positions"),
                new Row("/records/fetch", "{\"cursor\":\"zzzz\"}".getBytes(StandardCharsets.UTF_8), 400, "/cursor"),
                new Row(
                        "/records/fetch",
                        "{\"positions\":[{\"topic\":\"t\"}]}".getBytes(StandardCharsets.UTF_8),
                        422,
                        "/positions/0"),
                new Row(
                        "/topics/t/partitions/0/truncate",
                        "{\"beforeOffset\":-7}".getBytes(StandardCharsets.UTF_8),
                        422,
                        "/beforeOffset"),
                new Row(
                        "/topics/t/partitions/0/truncate",
                        "{\"beforeOffset\":7}".getBytes(StandardCharsets.UTF_8),
                        410,
                        "highWatermark"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"grammar", "content", "around"})
    void isAnsweredByAClearProblem(Row row) {
        HttpResponse<String> answer = server.post(row.path(), row.body(), row.headers());
        assertThat(answer.body(), answer.statusCode(), equalTo(row.status()));
        assertThat(answer.body(), containsString(row.inside()));
        assertThat(answer.headers().firstValue("content-type").orElse(""), is("application/problem+json"));
        assertThat(answer.body(), allOf(startsWith("{\"type\":\"/problems/"), not(containsString("java"))));
    }

    static Stream<String> reads() {
        return Stream.of(
                "?offset=x",
                "?offset=--1",
                "?offset=9223372036854775808",
                "?offset=1&at=2026-01-01T00:00:00Z",
                "?at=now",
                "?maxRecords=0",
                "?maxRecords=10001",
                "?maxBytes=-1",
                "?maxBytes=99999999",
                "?waitMs=60001",
                "?isolation=dirty",
                "?format=xml",
                "?headerEquals=a",
                "?jsonPointer=a&equals=1",
                "?jsonPointer=/~2&equals=1",
                "?jsonPointer=/a",
                "?nonsense=1",
                "?offset=1&offset=2");
    }

    @ParameterizedTest
    @MethodSource("reads")
    void aBadReadIsA400ThatNamesTheParameter(String query) {
        HttpResponse<String> answer = server.get(READ + query);
        assertThat(answer.body(), answer.statusCode(), is(400));
        assertThat(answer.body(), containsString("\"pointer\":\"?"));
    }

    @Test
    void anOffsetAboveTheEndIsA410() {
        assertThat(server.get(READ + "?offset=5").statusCode(), is(410));
    }

    @Test
    void theTableIsNotShort() {
        long rows = Stream.of(grammar(), content(), around()).flatMap(s -> s).count();
        assertThat(rows, greaterThanOrEqualTo(100L));
    }
}
