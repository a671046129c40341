package io.jofka.tests.workload;

import io.jofka.tests.harness.Rest;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;

/** The REST addresses of a cluster for one client, which works with one of them at a time. One thread. */
final class Nodes {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<Rest> nodes;
    private int current;

    /** @param first place of the node to begin with; taken modulo their number */
    Nodes(List<URI> nodes, int first) {
        this.nodes = nodes.stream().map(uri -> new Rest(uri, DEADLINE)).toList();
        this.current = Math.floorMod(first, nodes.size());
    }

    Rest current() {
        return nodes.get(current);
    }

    /** From now on another one, if there is one. */
    void rotate() {
        current = (current + 1) % nodes.size();
    }

    /** Whether the request certainly never reached a node: there was no connection. */
    static boolean neverSent(UncheckedIOException failure) {
        return failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof HttpConnectTimeoutException;
    }
}
