package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jofka.tests.harness.NodeProcess;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Produce to partition 99 of a topic of one. */
@Tag("experiments")
class Experiment10NoSuchPartitionIT {
    @Test
    void itIsRefusedAndTheNodeGoesOn() throws Exception {
        try (NodeProcess node = NodeProcess.start("experiment10")) {
            node.api().createTopic("one", 1, Map.of());
            String record = "{\"records\":[{\"value\":1}]}";
            assertThat(
                    node.api().post("/topics/one/partitions/99/records", record).status(), is(404));
            assertThat(
                    node.api()
                            .post("/topics/one/records", "{\"records\":[{\"value\":1,\"partition\":99}]}")
                            .status(),
                    is(422));
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", node.kafka(), "max.block.ms", 2_000),
                    new StringSerializer(),
                    new StringSerializer())) {
                assertThrows(
                        Exception.class,
                        () -> producer.send(new ProducerRecord<>("one", 99, "k", "v"))
                                .get());
            }
            node.api().post("/topics/one/partitions/0/records", record).orFail();
            assertThat(node.alive(), is(true));
        }
    }
}
