package io.jofka.node.consensus;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ReplicaKey;
import org.apache.kafka.raft.VoterSet;
import org.apache.kafka.server.common.KRaftVersion;

/**
 * The voters as the engine wants to see them. It asks for an address of every node but never dials one: messages go to
 * node ids, so an address only spells an id.
 */
final class Members {
    static final ListenerName LISTENER = new ListenerName("PEER");
    private static final String HOST = "node-";

    private Members() {}

    static InetSocketAddress address(int node) {
        return InetSocketAddress.createUnresolved(HOST + node, 1);
    }

    /** Node id of a destination; those that the engine was started with have no id of their own to it. */
    static int id(Node destination) {
        return destination.id() >= 0
                ? destination.id()
                : Integer.parseInt(destination.host().substring(HOST.length()));
    }

    static Endpoints endpoints(int node) {
        return Endpoints.fromInetSocketAddresses(java.util.Map.of(LISTENER, address(node)));
    }

    static SupportedVersionRange versions() {
        return new SupportedVersionRange((short) 0, KRaftVersion.LATEST_PRODUCTION.featureLevel());
    }

    /** The directory id of a voter of a cluster: the same for all who ask, so that nobody has to be asked for it. */
    static UUID directoryId(String clusterId, int node) {
        return UUID.nameUUIDFromBytes((clusterId + "/" + node).getBytes(StandardCharsets.UTF_8));
    }

    /** The voters that a new cluster begins with. */
    static VoterSet voters(RaftConfig config, MetadataFolder folder) {
        return VoterSet.fromMap(config.voters().stream()
                .collect(Collectors.toMap(
                        node -> node,
                        node -> VoterSet.VoterNode.of(
                                ReplicaKey.of(
                                        node,
                                        Engine.uuid(
                                                node == folder.nodeId()
                                                        ? folder.directoryId()
                                                        : directoryId(folder.clusterId(), node))),
                                endpoints(node),
                                versions()))));
    }

    static List<InetSocketAddress> bootstrap(RaftConfig config) {
        return config.voters().stream().map(Members::address).toList();
    }
}
