package io.jofka.node.rest.data.produce;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.Compression;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.data.exchange.DataLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The body of a JSON produce of 100 records with keys, from bytes to a built record batch, per second and thread; beside
 * it the same made from Jackson's token stream, and that token stream alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RestParseBench {
    private static final int RECORDS = 100;
    private static final long TIME_MS = 1_700_000_000_000L;
    private static final JsonFactory JACKSON = new JsonFactory();
    private static final TopicTarget TARGET = new TopicTarget(
            new TopicImage("bench", new UUID(1, 2), false, List.of(), Map.of(), 0, 0), 1, 1 << 20, Compression.NONE);

    @Param({"100", "1024"})
    int valueBytes = 100;

    private final JsonRecords parser = new JsonRecords(DataLimits.defaults());
    private byte[] body = {};

    @Setup
    public void build() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("{\"records\":[");
        for (int i = 0; i < RECORDS; i++) {
            text.append(i == 0 ? "" : ",").append("{\"key\":\"order-").append(i).append("\",\"value\":\"");
            for (int c = 0; c < valueBytes; c++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append("\"}");
        }
        body = text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        if (!parseOurs().equals(parseJackson())) {
            throw new IllegalStateException("both sides must make the same batch");
        }
    }

    @Benchmark
    public ByteBuffer parseOurs() {
        Collected records = new Collected(TARGET, -1, (key, size) -> 0, false, TIME_MS);
        parser.read(body, body.length, records);
        return records.batches().getFirst().build();
    }

    @Benchmark
    public ByteBuffer parseJackson() throws IOException {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        try (JsonParser json = JACKSON.createParser(body)) {
            String key = "";
            JsonToken token = json.nextToken();
            while (token != null) {
                if (token == JsonToken.VALUE_STRING) {
                    if (json.currentName().equals("key")) {
                        key = json.getText();
                    } else {
                        builder.append(TIME_MS, bytes(key), bytes(json.getText()), List.of());
                    }
                }
                token = json.nextToken();
            }
        }
        return builder.build(0, -1);
    }

    @Benchmark
    public int tokensOnlyJackson() throws IOException {
        int tokens = 0;
        try (JsonParser json = JACKSON.createParser(body)) {
            while (json.nextToken() != null) {
                tokens++;
            }
        }
        return tokens;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
