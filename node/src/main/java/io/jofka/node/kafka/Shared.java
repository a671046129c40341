package io.jofka.node.kafka;

import io.jofka.node.common.Clock;
import java.util.function.Consumer;

/** What all connections of a listener have in common. */
record Shared(
        ApiTable apis,
        KafkaLimits limits,
        Clock clock,
        BufferPool requests,
        BufferPool responses,
        ListenerMetrics metrics,
        ReasonLog log,
        Consumer<Connection> onEnd) {
    void ended(Connection connection) {
        onEnd.accept(connection);
    }
}
