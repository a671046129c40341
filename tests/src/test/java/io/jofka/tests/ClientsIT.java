package io.jofka.tests;

import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Rest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unchanged clients: kafka-clients, kcat and kafkajs against a real node. */
class ClientsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int RECORDS = 1_000;

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private static Admin admin;

    @BeforeAll
    static void start() {
        node = NodeProcess.start("clients");
        admin = Admin.create(Map.of(
                "bootstrap.servers", node.kafka(), "request.timeout.ms", 15_000, "default.api.timeout.ms", 20_000));
    }

    @AfterAll
    static void stop() {
        admin.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void theJavaProducerWritesEveryCodecAndTheConsumerReadsTheSame(String codec) throws Exception {
        String topic = "codec-" + codec;
        create(topic, 3);
        try (KafkaProducer<byte[], byte[]> producer = producer(codec)) {
            List<Future<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                var record = new ProducerRecord<>(
                        topic, i % 3, 1_000_000L + i, bytes("k" + i), bytes("value-".repeat(20) + i));
                record.headers()
                        .add("h", bytes("x" + i))
                        .add("empty", new byte[0])
                        .add("null", null);
                futures.add(producer.send(record));
            }
            futures.add(producer.send(new ProducerRecord<>(topic, 0, 7L, null, bytes("no key"))));
            futures.add(producer.send(new ProducerRecord<>(topic, 0, 8L, bytes("no value"), (byte[]) null)));
            for (Future<RecordMetadata> future : futures) {
                future.get();
            }
        }
        List<ConsumerRecord<byte[], byte[]>> read = readAll(topic, 3);
        assertThat(read, hasSize(RECORDS + 2));
        for (ConsumerRecord<byte[], byte[]> record :
                read.stream().filter(r -> r.timestamp() >= 1_000_000L).toList()) {
            long i = record.timestamp() - 1_000_000L;
            assertThat(record.partition(), is((int) (i % 3)));
            assertThat(record.offset(), is(i / 3));
            assertThat(text(record.key()), is("k" + i));
            assertThat(text(record.value()), is("value-".repeat(20) + i));
            assertThat(text(record.headers().lastHeader("h").value()), is("x" + i));
            assertThat(record.headers().lastHeader("empty").value().length, is(0));
            assertThat(record.headers().lastHeader("null").value(), is(nullValue()));
        }
        assertThat(one(read, 7L).key(), is(nullValue()));
        assertThat(one(read, 8L).value(), is(nullValue()));
    }

    @Test
    void adminCreatesDescribesGrowsAndDeletesTopics() throws Exception {
        admin.createTopics(List.of(new NewTopic("admin", 2, (short) 1).configs(Map.of("retention.ms", "1234567"))))
                .all()
                .get();
        assertThat(admin.listTopics().names().get(), hasItem("admin"));
        var described = requireNonNull(
                admin.describeTopics(List.of("admin")).allTopicNames().get().get("admin"));
        assertThat(described.partitions(), hasSize(2));
        assertThat(
                described.partitions().getFirst().leader().id(),
                is(described.partitions().getFirst().isr().getFirst().id()));
        assertThat(
                failure(admin.createTopics(List.of(new NewTopic("admin", 2, (short) 1)))
                        .all()),
                instanceOf(TopicExistsException.class));
        admin.createPartitions(Map.of("admin", NewPartitions.increaseTo(5)))
                .all()
                .get();
        Await.until(DEADLINE, "5 partitions", () -> partitions("admin") == 5);
        admin.deleteTopics(List.of("admin")).all().get();
        Await.until(DEADLINE, "the topic to be gone", () -> partitions("admin") < 0);
        assertThat(
                failure(admin.deleteTopics(List.of("admin")).all()),
                instanceOf(UnknownTopicOrPartitionException.class));
    }

    @Test
    void adminReadsAndChangesConfigs() throws Exception {
        create("configs", 1);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "configs");
        alter(resource, set("retention.ms", "777777"), set("cleanup.policy", "compact"));
        alter(resource, new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), OpType.APPEND));
        Await.until(
                DEADLINE, "the change", () -> value(resource, "retention.ms").equals("777777"));
        Await.until(
                DEADLINE, "the list", () -> value(resource, "cleanup.policy").equals("compact,delete"));
        alter(resource, new AlterConfigOp(new ConfigEntry("retention.ms", ""), OpType.DELETE));
        Await.until(
                DEADLINE, "the default", () -> value(resource, "retention.ms").equals("604800000"));
        assertThat(
                failure(admin.incrementalAlterConfigs(Map.of(resource, List.of(set("retention.ms", "soon"))))
                        .all()),
                instanceOf(InvalidConfigurationException.class));
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(nodeId()));
        assertThat(
                requireNonNull(admin.describeConfigs(List.of(broker))
                                .all()
                                .get()
                                .get(broker))
                        .entries()
                        .size(),
                greaterThan(5));
    }

    @Test
    void adminListsAndDeletesByOffset() throws Exception {
        create("offsets", 1);
        TopicPartition partition = new TopicPartition("offsets", 0);
        try (KafkaProducer<byte[], byte[]> producer = producer("none")) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("offsets", 0, 5_000L + i, null, bytes("v" + i)))
                        .get();
            }
        }
        assertThat(offset(partition, OffsetSpec.earliest()), is(0L));
        assertThat(offset(partition, OffsetSpec.latest()), is(100L));
        assertThat(offset(partition, OffsetSpec.forTimestamp(5_040L)), is(40L));
        assertThat(offset(partition, OffsetSpec.maxTimestamp()), is(99L));
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(30)))
                .all()
                .get();
        assertThat(offset(partition, OffsetSpec.earliest()), is(30L));
        assertThat(readAll("offsets", 1).getFirst().offset(), is(30L));
    }

    @Test
    void adminDescribesTheClusterAndItsLogDirectories() throws Exception {
        create("sized", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer("none")) {
            producer.send(new ProducerRecord<>("sized", 0, null, new byte[50_000]))
                    .get();
        }
        var cluster = admin.describeCluster();
        assertThat(cluster.nodes().get(), hasSize(1));
        assertThat(cluster.clusterId().get().length(), greaterThan(10));
        assertThat(cluster.controller().get().id(), is(nodeId()));
        var directories = requireNonNull(
                admin.describeLogDirs(List.of(nodeId())).allDescriptions().get().get(nodeId()));
        long size = directories.values().stream()
                .mapToLong(each -> size(each.replicaInfos().get(new TopicPartition("sized", 0))))
                .sum();
        assertThat(size, greaterThan(50_000L));
    }

    @Test
    void aLongPollOfTheConsumerEndsWhenARecordArrives() throws Exception {
        create("poll", 1);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("fetch.max.wait.ms", 8_000));
                KafkaProducer<byte[], byte[]> producer = producer("none")) {
            TopicPartition partition = new TopicPartition("poll", 0);
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            assertThat(consumer.position(partition), is(0L));
            assertThat(consumer.poll(Duration.ofMillis(300)).count(), is(0));
            long sentAt = System.nanoTime();
            producer.send(new ProducerRecord<>("poll", bytes("now"))).get();
            assertThat(consumer.poll(DEADLINE).count(), is(1));
            assertThat(Duration.ofNanos(System.nanoTime() - sentAt).toMillis() < 6_000, is(true));
        }
    }

    @Test
    void kcatListsProducesAndConsumes() throws Exception {
        assumeTrue(Commands.find("kcat").isPresent(), "kcat is not installed: its test is skipped");
        create("kcat", 2);
        String input = IntStream.range(0, 500)
                .mapToObj(i -> "k" + i + "\tvalue " + i + "\n")
                .reduce("", String::concat);
        for (String codec : List.of("none", "gzip", "lz4", "zstd", "snappy")) {
            kcat(input, "-P", "-t", "kcat", "-K", "\t", "-z", codec, "-X", "enable.idempotence=true");
        }
        assertThat(kcat("", "-L", "-t", "kcat"), containsString("topic \"kcat\" with 2 partitions"));
        List<String> read = kcat("", "-C", "-t", "kcat", "-o", "beginning", "-e", "-q", "-f", "%p %k %s\\n")
                .lines()
                .toList();
        assertThat(read, hasSize(2_500));
        assertThat(read.stream().filter(line -> line.endsWith(" k7 value 7")).count(), is(5L));
        assertThat(kcat("", "-Q", "-t", "kcat:0:-2"), containsString("kcat [0] offset 0"));
    }

    @Test
    void kafkajsProducesAndAdministers() throws Exception {
        Path folder = Folders.root().resolve("tests/kafkajs");
        assumeTrue(
                Commands.find("node").isPresent() && Commands.find("npm").isPresent(),
                "Node.js or npm is not installed: the kafkajs test is skipped");
        if (!Files.exists(folder.resolve("node_modules/kafkajs"))) {
            Commands.Result installed = Commands.run(
                    Duration.ofMinutes(3),
                    List.of("npm", "ci", "--no-audit", "--no-fund"),
                    new byte[0],
                    Map.of(),
                    folder);
            assumeTrue(installed.exit() == 0, "npm cannot fetch kafkajs, its test is skipped: " + installed.err());
        }
        String out = Commands.run(
                        Duration.ofMinutes(2),
                        List.of("node", "client.js", node.kafka()),
                        new byte[0],
                        Map.of("KAFKAJS_NO_PARTITIONER_WARNING", "1"),
                        folder)
                .orFail();
        JsonNode seen =
                Rest.JSON.readTree(out.lines().reduce((first, last) -> last).orElseThrow());
        assertThat(seen.toString(), seen.get("produced").asInt(), is(300));
        assertThat(seen.get("brokers").asInt(), is(1));
        assertThat(seen.get("partitions").asInt(), is(4));
        // a producer that is not idempotent may repeat what it sent to partitions that are seconds old
        assertThat(seen.get("highest").asLong(), greaterThanOrEqualTo(300L));
        assertThat(seen.get("lowestAfterDelete").asLong(), is(5L));
        assertThat(seen.get("retention").asText(), is("3600000"));
        assertThat(seen.get("deleted").asBoolean(), is(true));
        assertThat(readAll("kafkajs", 4), hasSize(seen.get("highest").asInt() - 5));
    }

    private static String kcat(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", node.kafka()));
        command.addAll(List.of(arguments));
        return Commands.run(DEADLINE, command, input.getBytes(StandardCharsets.UTF_8), Map.of(), Path.of("."))
                .orFail();
    }

    /** Kept for ever, as the timestamps of the tests' records are old. */
    private static void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all()
                .get();
    }

    private static int partitions(String topic) {
        try {
            return requireNonNull(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic))
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int nodeId() throws Exception {
        Collection<org.apache.kafka.common.Node> nodes =
                admin.describeCluster().nodes().get();
        return nodes.iterator().next().id();
    }

    private static void alter(ConfigResource resource, AlterConfigOp... operations) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(operations)))
                .all()
                .get();
    }

    private static long size(@Nullable ReplicaInfo replica) {
        return replica == null ? 0 : replica.size();
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private static String value(ConfigResource resource, String name) {
        try {
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return config.get(name).value();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static Throwable failure(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause());
        }
        throw new AssertionError("did not fail");
    }

    private static KafkaProducer<byte[], byte[]> producer(String codec) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        node.kafka(),
                        "compression.type",
                        codec,
                        "delivery.timeout.ms",
                        30_000,
                        "request.timeout.ms",
                        10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> config = new java.util.HashMap<>(Map.of(
                "bootstrap.servers", node.kafka(), "enable.auto.commit", false, "auto.offset.reset", "earliest"));
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            Await.until(DEADLINE, () -> "all of " + ends + ", got " + records.size(), () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return all.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L));
            });
            return records;
        }
    }

    private static ConsumerRecord<byte[], byte[]> one(List<ConsumerRecord<byte[], byte[]>> records, long timestamp) {
        List<ConsumerRecord<byte[], byte[]>> found = records.stream()
                .filter(record -> record.timestamp() == timestamp)
                .toList();
        assertThat(found.size(), equalTo(1));
        return found.getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
