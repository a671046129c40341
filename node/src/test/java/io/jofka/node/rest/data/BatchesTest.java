package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.Compression;
import io.jofka.api.batch.ControlRecord;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Record batches as on Kafka's wire, in and out, and what readers see of transactions. */
class BatchesTest {
    private static final String TYPE = "application/vnd.jofka.record-batches";
    private static final String[] BATCHES = {"Content-Type", TYPE};
    private static DataServer server;

    @BeforeAll
    static void start() {
        server = new DataServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static BatchBuilder records(BatchBuilder builder, int from, int to) {
        for (int i = from; i < to; i++) {
            builder.append(1_000 + i, text("k" + i), text("value number " + i), List.of());
        }
        return builder;
    }

    private static byte[] bytes(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.array();
    }

    private static HttpResponse<byte[]> raw(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri("/api/v1" + path)).build();
        try {
            return server.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void batchesOfEveryCodecAreStoredAsTheyAreAndReadAsRecords(Compression codec) {
        String topic = "codec-" + codec.configName();
        server.topic(topic, 1);
        String path = "/topics/" + topic + "/partitions/0/";
        byte[] sent = bytes(
                records(new BatchBuilder(codec, -1), 0, 200).build(0, -1),
                records(new BatchBuilder(codec, -1), 200, 300).build(0, -1));
        HttpResponse<String> answer = server.post(path + "batches", sent, BATCHES);
        assertThat(answer.body(), answer.statusCode(), is(200));
        assertThat(answer.body(), containsString("{\"partition\":0,\"baseOffset\":0,\"lastOffset\":299,"));
        String page = server.get(path + "records?offset=150&maxRecords=100").body();
        for (int i = 150; i < 250; i++) {
            assertThat(
                    page,
                    containsString("{\"partition\":0,\"offset\":" + i + ",\"timestampMs\":" + (1_000 + i)
                            + ",\"key\":\"k" + i + "\",\"value\":\"value number " + i + "\"}"));
        }
        assertThat(page, allOf(containsString("\"nextOffset\":250"), not(containsString("\"offset\":149,"))));
        HttpResponse<byte[]> stored = raw(path + "batches?offset=250");
        assertThat(stored.headers().firstValue("content-type").orElse(""), is(TYPE));
        assertThat(stored.headers().firstValue("jofka-next-offset").orElse(""), is("300"));
        assertThat(stored.headers().firstValue("jofka-high-watermark").orElse(""), is("300"));
        assertThat(stored.headers().firstValue("jofka-last-stable-offset").orElse(""), is("300"));
        // only base offset and leader epoch are the leader's, and they are outside the CRC
        ByteBuffer second = ByteBuffer.wrap(stored.body());
        assertThat(BatchFields.crcMatches(second, 0), is(true));
        assertThat(second.getLong(BatchFields.BASE_OFFSET), is(200L));
        int length = stored.body().length - BatchFields.MAGIC;
        ByteBuffer tail = ByteBuffer.wrap(sent, sent.length - length, length);
        assertThat(second.slice(BatchFields.MAGIC, length), equalTo(tail));
    }

    @Test
    void aWaitOverNothingIsAnEmptyAnswerWithThePlaceToGoOn() {
        server.topic("empty", 1);
        HttpResponse<byte[]> nothing = raw("/topics/empty/partitions/0/batches?waitMs=20");
        assertThat(nothing.statusCode(), is(200));
        assertThat(nothing.body().length, is(0));
        assertThat(nothing.headers().firstValue("jofka-next-offset").orElse(""), is("0"));
    }

    @Test
    void damagedBatchesAreRefusedAndNothingIsStored() {
        server.topic("damaged", 1);
        byte[] good =
                bytes(records(new BatchBuilder(Compression.GZIP, -1), 0, 50).build(0, -1));
        String path = "/topics/damaged/partitions/0/batches";
        for (int at : new int[] {3, 8, 16, 17, 22, 57, 61, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 0x15;
            // the leader assigns offsets: the first eight bytes mean nothing
            int status = server.post(path, bad, BATCHES).statusCode();
            assertThat("byte " + at, status, at < 8 ? is(200) : is(oneOf(413, 422)));
        }
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
        assertThat(server.post(path, cut, BATCHES).statusCode(), is(422));
        assertThat(
                server.get("/topics/damaged/partitions/0/records?maxRecords=1").body(),
                containsString("\"highWatermark\":50"));
    }

    @Test
    void recordsOfAbortedTransactionsAndMarkersAreSeenByNoOneWhoReadsCommitted() {
        server.topic("aborted", 1);
        TopicPartition partition = server.partition("aborted", 0);
        // producer 7 aborts, 8 commits, 9 has no transaction; 7 then commits a second one
        append(partition, 7, true, "lost");
        append(partition, 8, true, "kept");
        append(partition, 9, false, "plain");
        append(partition, 7, true, "lost too");
        mark(partition, 7, ControlRecord.Outcome.ABORT);
        append(partition, 7, true, "second");
        mark(partition, 8, ControlRecord.Outcome.COMMIT);
        mark(partition, 7, ControlRecord.Outcome.COMMIT);
        server.log.aborted(partition, new AbortedTransaction(7, 0, 4, 8));
        String records = "/topics/aborted/partitions/0/records";
        assertThat(
                server.get(records).body(),
                allOf(
                        containsString("\"offset\":1,\"timestampMs\":5,\"value\":\"kept\""),
                        containsString("\"offset\":2,\"timestampMs\":5,\"value\":\"plain\""),
                        containsString("\"offset\":5,\"timestampMs\":5,\"value\":\"second\""),
                        not(containsString("lost")),
                        not(containsString("\"offset\":4")),
                        not(containsString("\"offset\":6")),
                        containsString("\"nextOffset\":8")));
        assertThat(
                server.get(records + "?isolation=readUncommitted").body(),
                allOf(
                        containsString("\"value\":\"lost\""),
                        containsString("\"value\":\"lost too\""),
                        containsString("\"value\":\"kept\""),
                        not(containsString("\"offset\":4")),
                        containsString("\"nextOffset\":8")));
        assertThat(
                server.get(records + "?offset=3").body(), allOf(not(containsString("lost")), containsString("second")));
    }

    private static void append(TopicPartition partition, long producer, boolean transactional, String value) {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1).producer(producer, (short) 0, 0);
        if (transactional) {
            builder.transactional();
        }
        builder.append(5, null, text(value), List.of());
        server.log.appendRaw(partition, builder.build(0, -1));
    }

    private static void mark(TopicPartition partition, long producer, ControlRecord.Outcome outcome) {
        server.log.appendRaw(partition, new ControlRecord(outcome, 0).toBatch(0, -1, producer, (short) 0, 5));
    }

    @Test
    void recordsThatCannotBeInflatedAreToldAndPassed() {
        server.topic("unreadable", 1);
        TopicPartition partition = server.partition("unreadable", 0);
        server.log.appendRaw(
                partition, records(new BatchBuilder(Compression.NONE, -1), 0, 1).build(0, -1));
        ByteBuffer damaged =
                records(new BatchBuilder(Compression.ZSTD, -1), 1, 4).build(0, -1);
        damaged.put(BatchFields.HEADER_SIZE + 4, (byte) 0x7f);
        server.log.appendRaw(partition, damaged);
        server.log.appendRaw(
                partition, records(new BatchBuilder(Compression.NONE, -1), 4, 5).build(0, -1));
        String page = server.get("/topics/unreadable/partitions/0/records").body();
        assertThat(
                page,
                allOf(
                        containsString("\"offset\":0,"),
                        containsString("{\"partition\":0,\"offset\":1,\"lastOffset\":3,\"unreadable\":\""),
                        containsString("\"offset\":4,"),
                        containsString("\"nextOffset\":5")));
    }

    @Test
    void aBatchOverTheTopicsLimitIsRefused() {
        server.topic("large", 1);
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        builder.append(1, null, ByteBuffer.allocate(40 << 20), List.of());
        HttpResponse<String> answer =
                server.post("/topics/large/partitions/0/batches", bytes(builder.build(0, -1)), BATCHES);
        assertThat(answer.statusCode(), is(413));
    }
}
