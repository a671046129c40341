package io.jofka.node.kafka.handler;

import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.NodeImage.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nodes of an image as Kafka clients may know them: brokers with a "kafka" endpoint. */
final class Brokers {
    private Brokers() {}

    /** {@code rack} is null when not set, as the protocol wants it. */
    record Broker(int id, String host, int port, @Nullable String rack, boolean fenced) {}

    static List<Broker> all(ClusterImage image, boolean withFenced) {
        List<Broker> brokers = new ArrayList<>();
        for (NodeImage node : image.nodes()) {
            if (withFenced || !node.fenced()) {
                of(node).ifPresent(brokers::add);
            }
        }
        return brokers;
    }

    static Optional<Broker> alive(ClusterImage image, int id) {
        return image.node(id).filter(node -> !node.fenced()).flatMap(Brokers::of);
    }

    private static Optional<Broker> of(NodeImage node) {
        Endpoint endpoint = node.endpoints().get("kafka");
        if (endpoint == null || !node.broker()) {
            return Optional.empty();
        }
        String rack = node.rack().isEmpty() ? null : node.rack();
        return Optional.of(new Broker(node.id(), endpoint.host(), endpoint.port(), rack, node.fenced()));
    }

    /** Where clients may send controller requests: this node if it is alive, which forwards them; else any that is. */
    static int controller(ClusterImage image, int nodeId) {
        List<Broker> alive = all(image, false);
        return alive.stream()
                .map(Broker::id)
                .filter(id -> id == nodeId)
                .findFirst()
                .orElseGet(() -> alive.isEmpty() ? -1 : alive.getFirst().id());
    }

    static List<Integer> offline(ClusterImage image, List<Integer> replicas) {
        List<Integer> offline = new ArrayList<>(0);
        for (int replica : replicas) {
            if (alive(image, replica).isEmpty()) {
                offline.add(replica);
            }
        }
        return offline;
    }
}
