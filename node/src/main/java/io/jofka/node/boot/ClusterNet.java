package io.jofka.node.boot;

import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.peer.PeerAddress;
import io.jofka.node.peer.PeerConfig;
import io.jofka.node.peer.PeerNet;
import java.util.Optional;
import java.util.function.Supplier;

/** The internal network as the settings and the metadata describe it. */
final class ClusterNet {
    /** Name under which nodes register their internal port. */
    static final String ENDPOINT = "peer";

    private ClusterNet() {}

    /** @param image the newest metadata; empty before there is any */
    static PeerNet of(
            Settings settings, ClusterSettings cluster, String clusterId, Supplier<Optional<ClusterImage>> image) {
        int port = settings.integer("jofka.peer.port");
        PeerConfig config = PeerConfig.defaults(
                settings.integer("server.node-id"), clusterId, settings.text("server.address"), port, bulkPort(port));
        return new PeerNet(config, node -> address(cluster, image.get(), node));
    }

    /** The metadata knows best where a node is; controllers are known before there is metadata. */
    private static Optional<PeerAddress> address(ClusterSettings cluster, Optional<ClusterImage> image, int node) {
        ClusterSettings.Peer controller = cluster.controllers().get(node);
        if (controller != null) {
            return Optional.of(new PeerAddress(controller.host(), controller.port(), bulkPort(controller.port())));
        }
        return image.flatMap(known -> known.node(node))
                .flatMap(known -> Optional.ofNullable(known.endpoints().get(ENDPOINT)))
                .map(endpoint -> new PeerAddress(endpoint.host(), endpoint.port(), bulkPort(endpoint.port())));
    }

    static Endpoint endpoint(Settings settings) {
        return new Endpoint(NodeConfigs.advertisedHost(settings), settings.integer("jofka.peer.port"));
    }

    private static int bulkPort(int port) {
        return port == 0 ? 0 : port + 1;
    }
}
