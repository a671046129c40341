package io.jofka.tests.harness;

import java.util.List;

/** A running server that speaks the Kafka protocol: this project's node, or a real Kafka beside it. */
public interface Server extends AutoCloseable {
    /** Short name for tables of figures. */
    String name();

    /** Address for Kafka clients, {@code host:port}. */
    String kafka();

    long pid();

    /** All processes of it. */
    default List<Long> pids() {
        return List.of(pid());
    }

    @Override
    void close();
}
