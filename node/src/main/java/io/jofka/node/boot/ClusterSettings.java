package io.jofka.node.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the settings that says which cluster this node belongs to.
 *
 * @param id the cluster's name; empty for a cluster of one, which names itself at its first start
 * @param controllers the nodes that vote on the metadata, by id; only this node in a cluster of one
 * @param controller whether this node is one of them
 * @param broker whether this node keeps partitions
 */
record ClusterSettings(String id, Map<Integer, Peer> controllers, boolean controller, boolean broker) {
    /** Where a node's internal port is. */
    record Peer(String host, int port) {}

    private static final Pattern PEER = Pattern.compile("(\\d{1,9})@(\\[[0-9a-fA-F:.]+]|[^:@\\s]+):(\\d{1,5})");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @throws Settings.BadSettings with all that does not fit together */
    static ClusterSettings of(Settings settings) {
        List<String> faults = new ArrayList<>();
        int self = settings.integer("server.node-id");
        String roles = settings.text("server.roles");
        String id = settings.text("jofka.cluster.id");
        String text = settings.text("server.cluster.peers").strip();
        Map<Integer, Peer> peers = new TreeMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",")) {
            peer(part.strip(), peers).ifPresent(faults::add);
        }
        boolean alone = peers.isEmpty() || (peers.size() == 1 && peers.containsKey(self));
        boolean controller = peers.isEmpty() || peers.containsKey(self);
        boolean saysController = !roles.equals("broker");
        if (!roles.equals("both") && !roles.equals("broker") && !roles.equals("controller")) {
            faults.add("server.roles=" + roles + " must be both, broker or controller");
        } else if (saysController != controller) {
            faults.add(
                    controller
                            ? "server.roles=broker, but server.cluster.peers names node " + self
                                    + " as a controller, or is empty"
                            : "server.roles=" + roles + ", but server.cluster.peers does not name node " + self);
        }
        if ((peers.size() > 1 && peers.size() % 2 == 0) || peers.size() > 5) {
            faults.add("server.cluster.peers names " + peers.size() + " controllers; there must be 1, 3 or 5");
        }
        if (!alone && id.isEmpty()) {
            faults.add("jofka.cluster.id must be set, and be the same on all nodes, where server.cluster.peers is");
        }
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            faults.add("jofka.cluster.id=" + id + " must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        if (!faults.isEmpty()) {
            throw new Settings.BadSettings(faults);
        }
        Map<Integer, Peer> controllers = peers.isEmpty()
                ? Map.of(self, new Peer(settings.text("server.address"), settings.integer("jofka.peer.port")))
                : Map.copyOf(peers);
        return new ClusterSettings(id, controllers, controller, !roles.equals("controller"));
    }

    private static Optional<String> peer(String text, Map<Integer, Peer> into) {
        Matcher match = PEER.matcher(text);
        if (!match.matches()) {
            return Optional.of("server.cluster.peers: '" + text + "' is not of the form id@host:port");
        }
        int port = Integer.parseInt(match.group(3));
        if (port < 1 || port > 65_534) {
            return Optional.of("server.cluster.peers: '" + text
                    + "' has no port between 1 and 65534 (the port behind it is used too)");
        }
        String host = match.group(2).replaceAll("[\\[\\]]", "");
        return into.put(Integer.parseInt(match.group(1)), new Peer(host, port)) == null
                ? Optional.empty()
                : Optional.of("server.cluster.peers names node " + match.group(1) + " twice");
    }

    /** Whether there is no other node to talk to. */
    boolean isAlone(int self) {
        return controllers.size() == 1 && controllers.containsKey(self) && id.isEmpty();
    }

    List<Integer> voters() {
        return controllers.keySet().stream().sorted().toList();
    }
}
