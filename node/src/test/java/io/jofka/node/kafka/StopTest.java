package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StopTest {
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode();
        node.cluster.add("t", 1, Map.of());
    }

    @AfterEach
    void close() throws IOException {
        node.log.close();
    }

    @Test
    void stopAnswersWhatIsBeingServedAndClosesWhatIsIdle() throws Exception {
        node.log.holdProduces = true;
        try (Wire producer = node.connect();
                Wire consumer = node.connect();
                Wire idle = node.connect()) {
            producer.send(ApiKeys.PRODUCE, 9, 1, PlainData.produce(node.cluster, "t", 0, -1, PlainData.records("x")));
            TestNode.await("the produce", () -> node.log.held.size() == 1);
            consumer.send(ApiKeys.FETCH, 12, 2, PlainData.fetch(node.cluster, "t", 0, 1, 60_000));
            TestNode.await("the fetch to wait", () -> node.log.waitingFetches.get() == 1);
            idle.call(ApiKeys.API_VERSIONS, 3, Samples.defaults(ApiKeys.API_VERSIONS));
            Thread stopper = Thread.ofVirtual().start(() -> stop(20_000));
            consumer.receive(ApiKeys.FETCH, 12, 2);
            assertThat(consumer.closedByServer(), is(true));
            assertThat(idle.closedByServer(), is(true));
            node.log.held.forEach(Runnable::run);
            producer.receive(ApiKeys.PRODUCE, 9, 1);
            assertThat(producer.closedByServer(), is(true));
            stopper.join();
        }
        assertThat(node.listener.connections(), is(0));
        assertThat(node.log.openSlices.get(), is(0));
        assertThat(node.lentBytes(), is(0.0));
    }

    @Test
    void stopDoesNotWaitBeyondItsDeadline() throws IOException {
        node.log.holdProduces = true;
        try (Wire producer = node.connect()) {
            producer.send(ApiKeys.PRODUCE, 9, 1, PlainData.produce(node.cluster, "t", 0, -1, PlainData.records("x")));
            TestNode.await("the produce", () -> node.log.held.size() == 1);
            long since = System.nanoTime();
            stop(200);
            assertThat(System.nanoTime() - since, lessThan(10_000_000_000L));
            assertThat(producer.closedByServer(), is(true));
        }
        node.log.held.forEach(Runnable::run);
        TestNode.await("the memory to come back", () -> node.lentBytes() == 0.0);
    }

    @Test
    void fiveHundredIdleConnectionsCostNoRequestMemory() throws IOException {
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            wires.add(node.connect());
        }
        for (Wire wire : wires) {
            wire.call(ApiKeys.API_VERSIONS, 3, Samples.defaults(ApiKeys.API_VERSIONS));
        }
        assertThat(node.listener.connections(), is(500));
        assertThat(node.lentBytes(), is(0.0));
        for (Wire wire : wires) {
            wire.close();
        }
        TestNode.await("all to end", () -> node.listener.connections() == 0);
        stop(1000);
    }

    private void stop(int drainMs) {
        try {
            node.listener.stop(drainMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
