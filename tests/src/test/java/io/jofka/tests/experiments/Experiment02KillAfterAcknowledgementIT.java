package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.NodeProcess;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL right after an acks=all acknowledgement, SIGTERM right after acks=1; restart. */
@Tag("experiments")
class Experiment02KillAfterAcknowledgementIT {
    @Test
    void nothingAcknowledgedIsLostEitherWay() throws Exception {
        NodeProcess node = NodeProcess.start("experiment02");
        try {
            node.api().createTopic("all", 1, Map.of());
            node.api().createTopic("leader", 1, Map.of());
            try (var producer = Records.producer(node.kafka(), "all")) {
                Records.await(Records.send(producer, "all", 0, 50, "a"));
                node.kill();
            }
            node = node.again();
            assertThat(Records.read(node.kafka(), "all", 1), is(Records.numbers(50)));
            try (var producer = Records.producer(node.kafka(), "1")) {
                Records.await(Records.send(producer, "leader", 0, 50, "a"));
                node.stop();
            }
            node = node.again();
            assertThat(Records.read(node.kafka(), "leader", 1), is(Records.numbers(50)));
            assertThat(Records.read(node.kafka(), "all", 1), is(Records.numbers(50)));
        } finally {
            node.close();
        }
    }
}
