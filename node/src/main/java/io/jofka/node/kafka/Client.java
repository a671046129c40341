package io.jofka.node.kafka;

import java.util.function.Supplier;

/** The connection a request came on, as handlers may use it. Thread-safe unless said. */
public interface Client {
    /** Remote address and port. */
    String address();

    /** Closes the connection; for produce with acks=0, which has no other way to report an error. */
    void disconnect(String reason);

    /** Runs a wait that graceful stop may interrupt. Only on the thread that called the handler. */
    <T> T interruptibly(Supplier<T> wait);
}
