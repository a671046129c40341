package io.jofka.node.metadata;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A registered node; {@code endpoints} by listener name: rest, kafka, peer. {@code rack} is empty when not set. A node that
 * is {@code draining} keeps its replicas in sync but leads nothing that another can lead, and gets no new replicas. One that
 * is {@code decommissioning} drains, and its replicas are moved to others until it can be forgotten.
 */
public record NodeImage(
        int id,
        UUID incarnation,
        boolean broker,
        boolean controller,
        boolean fenced,
        String rack,
        Map<String, Endpoint> endpoints,
        List<UUID> logDirectories,
        boolean draining,
        boolean decommissioning) {
    /** A node that neither drains nor goes. */
    public NodeImage(
            int id,
            UUID incarnation,
            boolean broker,
            boolean controller,
            boolean fenced,
            String rack,
            Map<String, Endpoint> endpoints,
            List<UUID> logDirectories) {
        this(id, incarnation, broker, controller, fenced, rack, endpoints, logDirectories, false, false);
    }

    NodeImage with(boolean newFenced, boolean newDraining, boolean newDecommissioning) {
        return new NodeImage(
                id,
                incarnation,
                broker,
                controller,
                newFenced,
                rack,
                endpoints,
                logDirectories,
                newDraining,
                newDecommissioning);
    }

    /** Whether it may hold new replicas and lead. */
    public boolean isUsable() {
        return broker && !fenced && !draining;
    }

    /** Where a listener is advertised. */
    public record Endpoint(String host, int port) {}
}
