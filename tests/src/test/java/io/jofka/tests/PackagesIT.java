package io.jofka.tests;

import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Rest;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Real input: Debian's package index, one JSON record a package, in one NDJSON request with the package's name as key;
 * read back by REST, kcat and a Java consumer, looked up by time, compacted to one a key.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackagesIT {
    private static final int PARTITIONS = 6;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** What a partition must hold: key and checksum of the value, in the order in which they were sent. */
    private record Entry(String key, long checksum, long timestampMs) {}

    private static final List<Entry> sent = new ArrayList<>();
    private static final Map<Integer, List<Entry>> stored = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private static Path scratch;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Commands.find("python3").isPresent(), "python3 is not installed: the package index is not tried");
        scratch = Folders.temporary("packages");
        Path input = scratch.resolve("packages.ndjson");
        Commands.Result made = Commands.run(
                Duration.ofMinutes(2),
                List.of("bash", "-c", "python3 " + Folders.root().resolve("tests/data/packages.py") + " > " + input));
        System.out.print(made.err());
        made.orFail();
        try (BufferedReader lines = Files.newBufferedReader(input)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode record = Rest.JSON.readTree(line);
                String value = line.substring(line.indexOf(",\"value\":") + 9, line.length() - 1);
                sent.add(new Entry(
                        record.get("key").asText(),
                        checksum(value.getBytes(StandardCharsets.UTF_8)),
                        Instant.parse(record.get("timestamp").asText()).toEpochMilli()));
            }
        }
        assertThat(sent.size(), greaterThan(100));
        node = NodeProcess.start(NodeOptions.fresh("packages").withProperty("jofka.log.compaction-interval", "500ms"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (scratch != null) {
            Folders.delete(scratch);
        }
    }

    @Test
    @Order(1)
    void oneNdjsonRequestStoresThemAll() throws IOException {
        node.api().createTopic("packages", PARTITIONS, Map.of("retention.ms", "-1"));
        long started = System.nanoTime();
        List<JsonNode> results = post("packages", scratch.resolve("packages.ndjson"));
        System.out.printf("%d packages stored in %d ms%n", sent.size(), (System.nanoTime() - started) / 1_000_000);
        JsonNode summary = results.removeLast().get("summary");
        assertThat(summary.toString(), summary.get("stored").asInt(), is(sent.size()));
        assertThat(summary.get("failed").asInt(), is(0));
        for (int i = 0; i < sent.size(); i++) {
            List<Entry> partition =
                    stored.computeIfAbsent(results.get(i).get("partition").asInt(), any -> new ArrayList<>());
            assertThat(results.get(i).get("offset").asInt(), is(partition.size()));
            partition.add(sent.get(i));
        }
        assertThat(stored.size(), is(PARTITIONS));
    }

    @Test
    @Order(2)
    void restReadsTheSame() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Entry> read = new ArrayList<>();
            long offset = 0;
            while (read.size() < partition(partition).size()) {
                JsonNode page = node.api()
                        .get("/topics/packages/partitions/" + partition + "/records?format=text&maxRecords=5000&offset="
                                + offset)
                        .orFail()
                        .json();
                page.get("records")
                        .forEach(record -> read.add(new Entry(
                                record.get("key").asText(),
                                checksum(record.get("value").asText().getBytes(StandardCharsets.UTF_8)),
                                record.get("timestampMs").asLong())));
                assertThat(page.get("nextOffset").asLong(), greaterThan(offset));
                offset = page.get("nextOffset").asLong();
            }
            assertThat(read.equals(partition(partition)), is(true));
        }
    }

    @Test
    @Order(3)
    void kcatReadsTheSame() throws IOException {
        assumeTrue(Commands.find("kcat").isPresent(), "kcat is not installed: not read by it");
        Path out = scratch.resolve("kcat.out");
        Commands.run(
                        DEADLINE,
                        List.of(
                                "bash",
                                "-c",
                                "kcat -b " + node.kafka()
                                        + " -C -t packages -o beginning -e -q -f '%p\\t%T\\t%k\\t%s\\n' > " + out))
                .orFail();
        Map<Integer, List<Entry>> read = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(out)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t", 4);
                read.computeIfAbsent(Integer.valueOf(fields[0]), any -> new ArrayList<>())
                        .add(new Entry(
                                fields[2],
                                checksum(fields[3].getBytes(StandardCharsets.UTF_8)),
                                Long.parseLong(fields[1])));
            }
        }
        assertThat(read.equals(stored), is(true));
    }

    @Test
    @Order(4)
    void theJavaConsumerReadsTheSame() {
        Map<Integer, List<Entry>> read = new HashMap<>();
        consume(
                "packages",
                record -> read.computeIfAbsent(record.partition(), any -> new ArrayList<>())
                        .add(new Entry(
                                new String(record.key(), StandardCharsets.UTF_8),
                                checksum(record.value()),
                                record.timestamp())));
        assertThat(read.equals(stored), is(true));
    }

    @Test
    @Order(5)
    void aLookUpByTimeFindsTheFirstAtOrAfterIt() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Entry> all = partition(partition);
            for (int index : new int[] {0, 1, all.size() / 3, all.size() / 2, all.size() - 1}) {
                Instant at = Instant.ofEpochMilli(all.get(index).timestampMs());
                for (Instant time : List.of(at, at.minusMillis(1))) {
                    JsonNode page = node.api()
                            .get("/topics/packages/partitions/" + partition + "/records?maxRecords=1&at=" + time)
                            .orFail()
                            .json();
                    assertThat(page.get("records").get(0).get("offset").asInt(), is(index));
                    JsonNode offsets = node.api()
                            .get("/topics/packages/offsets?at=" + time)
                            .orFail()
                            .json()
                            .get("offsets");
                    assertThat(offset(offsets, partition), is(index));
                }
            }
        }
    }

    @Test
    @Order(6)
    void compactionKeepsTheLastOfEachKey() throws IOException {
        node.api()
                .createTopic(
                        "latest",
                        PARTITIONS,
                        Map.of(
                                "cleanup.policy", "compact",
                                "segment.bytes", "2097152",
                                // a short last segment would never be a share of the log worth a pass
                                "min.cleanable.dirty.ratio", "0",
                                "min.compaction.lag.ms", "0"));
        post("latest", scratch.resolve("packages.ndjson"));
        Path second = scratch.resolve("second.ndjson");
        Commands.run(
                        DEADLINE,
                        List.of(
                                "bash",
                                "-c",
                                "sed 's/,\"value\":{/,\"value\":{\"pass\":2,/' " + scratch.resolve("packages.ndjson")
                                        + " > " + second))
                .orFail();
        post("latest", second);
        rollSegments();
        Await.until(DEADLINE, () -> "one record a key, " + count("latest"), () -> count("latest") == sent.size());
        List<String> wrong = new ArrayList<>();
        Map<String, Long> keys = new HashMap<>();
        consume("latest", record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (!key.startsWith("roll-")) {
                if (keys.put(key, record.offset()) != null
                        || !new String(record.value(), StandardCharsets.UTF_8).startsWith("{\"pass\":2,")) {
                    wrong.add(key);
                }
            }
        });
        assertThat(wrong, empty());
        assertThat(keys.size(), is(sent.size()));
    }

    private static List<Entry> partition(int partition) {
        return requireNonNull(stored.get(partition));
    }

    /** The active segment is never compacted: a record after a millisecond of age makes each partition start a new one. */
    private static void rollSegments() {
        node.api()
                .send(
                        "PATCH",
                        "/topics/latest",
                        BodyPublishers.ofString("{\"configs\":{\"segment.ms\":1}}"),
                        Map.of("Content-Type", "application/json"))
                .orFail();
        for (int pass = 0; pass < 2; pass++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                node.api()
                        .post(
                                "/topics/latest/partitions/" + partition + "/records",
                                "{\"records\":[{\"key\":\"roll-" + partition + "\",\"value\":" + pass + "}]}")
                        .orFail();
            }
        }
    }

    private static long count(String topic) {
        long[] count = new long[1];
        consume(topic, record -> {
            if (record.key() == null || !new String(record.key(), StandardCharsets.UTF_8).startsWith("roll-")) {
                count[0]++;
            }
        });
        return count[0];
    }

    private static int offset(JsonNode offsets, int partition) {
        for (JsonNode each : offsets) {
            if (each.get("partition").asInt() == partition) {
                return each.get("offset").asInt();
            }
        }
        throw new AssertionError("no partition " + partition + " in " + offsets);
    }

    private static List<JsonNode> post(String topic, Path file) throws IOException {
        Rest patient = new Rest(node.rest(), DEADLINE);
        Rest.Answer answer = patient.send(
                        "POST",
                        "/topics/" + topic + "/records",
                        BodyPublishers.ofFile(file),
                        Map.of("Content-Type", "application/x-ndjson", "Accept", "application/x-ndjson"))
                .orFail();
        List<JsonNode> results = new ArrayList<>();
        for (String line : answer.text().lines().toList()) {
            results.add(Rest.JSON.readTree(line));
        }
        return results;
    }

    private static void consume(String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", node.kafka(), "enable.auto.commit", false, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Await.until(DEADLINE, () -> "the end of " + topic, () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(each);
                return all.stream()
                        .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            });
        }
    }

    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return crc.getValue();
    }
}
