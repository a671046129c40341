package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A registered node; {@code endpoints} by listener name: rest, kafka, peer. {@code rack} is empty when not set. */
public record NodeImage(
        int id,
        UUID incarnation,
        boolean broker,
        boolean controller,
        boolean fenced,
        String rack,
        Map<String, Endpoint> endpoints,
        List<UUID> logDirectories) {
    /** Where a listener is advertised. */
    public record Endpoint(String host, int port) {}
}
