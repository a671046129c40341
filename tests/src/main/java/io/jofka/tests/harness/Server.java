package io.jofka.tests.harness;

/** A running server that speaks the Kafka protocol: this project's node, or a real Kafka beside it. */
public interface Server extends AutoCloseable {
    /** Short name for tables of figures. */
    String name();

    /** Address for Kafka clients, {@code host:port}. */
    String kafka();

    long pid();

    @Override
    void close();
}
