package io.jofka.tests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 10,000 partitions on one node: time to start again after a stop and after kill -9, and memory. On demand. */
@Tag("scale")
class ScaleIT {
    private static final int TOPICS = 100;
    private static final int PARTITIONS = 100;

    @Test
    void tenThousandPartitionsStartAgainSoon() throws Exception {
        NodeProcess node =
                NodeProcess.start(NodeOptions.fresh("scale").withHeap(1024).within(Duration.ofMinutes(3)));
        try {
            long started = System.nanoTime();
            create(node);
            System.out.printf("created in %d ms%n", (System.nanoTime() - started) / 1_000_000);
            oneRecordEach(node);
            figures("with a record in each", node);
            node.stop();
            node = node.again();
            Duration clean = node.readyAfter();
            figures("after a clean restart of " + clean.toMillis() + " ms", node);
            oneRecordEach(node);
            node.kill();
            node = node.again();
            Duration killed = node.readyAfter();
            figures("after kill -9 and a restart of " + killed.toMillis() + " ms", node);
            assertThat(
                    node.api()
                            .get("/topics/scale-99/partitions/99/records")
                            .json()
                            .get("records")
                            .size(),
                    is(2));
            assertThat(clean, lessThan(Duration.ofSeconds(5)));
            assertThat(killed, lessThan(Duration.ofSeconds(10)));
            assertThat(node.figures().residentMiB(), lessThan(400.0));
        } finally {
            node.kill();
            Folders.delete(node.options().data());
        }
    }

    private static void figures(String when, NodeProcess node) {
        System.out.printf(
                "%s: %.0f MiB resident, %d open files%n",
                when, node.figures().residentMiB(), node.figures().openFiles());
    }

    private static void create(NodeProcess node) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.kafka(), "default.api.timeout.ms", 120_000))) {
            for (int i = 0; i < TOPICS; i++) {
                admin.createTopics(List.of(new NewTopic("scale-" + i, PARTITIONS, (short) 1)))
                        .all()
                        .get();
            }
        }
    }

    private static void oneRecordEach(NodeProcess node) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.kafka(), "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int topic = 0; topic < TOPICS; topic++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    sent.add(producer.send(new ProducerRecord<>("scale-" + topic, partition, null, "x".repeat(100))));
                }
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }
}
