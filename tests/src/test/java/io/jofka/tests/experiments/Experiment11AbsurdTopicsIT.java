package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Rest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Create topics with replication factor 0, -1, 999 and with 0, -1, 10^9 partitions. */
@Tag("experiments")
class Experiment11AbsurdTopicsIT {
    private record Shape(int partitions, int replicas) {}

    @Test
    void eachIsRefusedByEveryFaceAndTheNodeGoesOn() throws Exception {
        List<Shape> shapes = List.of(
                new Shape(1, 0),
                new Shape(1, -2),
                new Shape(1, 999),
                new Shape(0, 1),
                new Shape(-2, 1),
                new Shape(1_000_000_000, 1));
        try (NodeProcess node = NodeProcess.start("experiment11");
                Admin admin = Admin.create(Map.of("bootstrap.servers", node.kafka()))) {
            for (Shape shape : shapes) {
                Rest.Answer answer = node.api()
                        .post(
                                "/topics",
                                "{\"name\":\"absurd\",\"partitions\":" + shape.partitions() + ",\"replicationFactor\":"
                                        + shape.replicas() + "}");
                assertThat(shape + " " + answer.text(), answer.status(), is(422));
                Assertions.assertThrows(
                        ExecutionException.class,
                        () -> admin.createTopics(List.of(
                                        new NewTopic("absurd", Optional.of(shape.partitions()), Optional.of((short)
                                                shape.replicas()))))
                                .all()
                                .get(),
                        shape.toString());
            }
            assertThat(node.api().get("/topics/absurd").status(), is(404));
            node.api().createTopic("sound", 2, Map.of());
        }
    }
}
