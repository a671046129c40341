package io.jofka.tests.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The network between the nodes of a cluster as it can be disturbed: for each ordered pair of nodes the connections that
 * the first makes to the second go through relays of their own. Clients are not affected. Thread-safe.
 */
public final class Links implements AutoCloseable {
    private record Link(int from, int to) {}

    private final Map<Link, List<Relay>> relays = new HashMap<>();
    private final Map<Link, Integer> ports = new HashMap<>();
    private final Set<Integer> nodes;

    /** @param peerPorts of each node, the first of its two */
    Links(Map<Integer, Integer> peerPorts) {
        nodes = Set.copyOf(peerPorts.keySet());
        peerPorts.forEach((to, behind) -> nodes.stream()
                .filter(from -> from != (int) to)
                .forEach(from -> {
                    int port = Ports.pair();
                    Link link = new Link(from, to);
                    ports.put(link, port);
                    relays.put(link, List.of(new Relay(port, behind), new Relay(port + 1, behind + 1)));
                }));
    }

    /** Where {@code from} is to look for {@code to}. */
    int port(int from, int to) {
        return java.util.Objects.requireNonNull(ports.get(new Link(from, to)));
    }

    /** Nothing that {@code from} sends reaches {@code to}, neither requests nor answers; what {@code to} sends arrives. */
    public synchronized void cutOneWay(int from, int to) {
        each(from, to).forEach(relay -> relay.pass(false, true));
        each(to, from).forEach(relay -> relay.pass(true, false));
    }

    /** Nothing passes between the two. */
    public synchronized void cut(int one, int other) {
        each(one, other).forEach(relay -> relay.pass(false, false));
        each(other, one).forEach(relay -> relay.pass(false, false));
    }

    /** Nothing passes between the node and all others. */
    public void isolate(int node) {
        nodes.stream().filter(other -> other != node).forEach(other -> cut(node, other));
    }

    /** Nothing passes between one of these and one that is not. */
    public void split(Set<Integer> side) {
        side.forEach(
                node -> nodes.stream().filter(other -> !side.contains(other)).forEach(other -> cut(node, other)));
    }

    /** Every byte between the two takes that much longer, each way. */
    public synchronized void delay(int one, int other, Duration delay) {
        each(one, other).forEach(relay -> relay.delay(delay));
        each(other, one).forEach(relay -> relay.delay(delay));
    }

    /** All is well again: what was held back arrives now. */
    public synchronized void heal() {
        all().forEach(relay -> {
            relay.delay(Duration.ZERO);
            relay.pass(true, true);
        });
    }

    /** All is well again, and connections that were disturbed, or not, have to be made anew. */
    public synchronized void healWithNewConnections() {
        all().forEach(Relay::breakConnections);
        heal();
    }

    private List<Relay> each(int from, int to) {
        return java.util.Objects.requireNonNull(relays.get(new Link(from, to)), () -> "no link " + from + " to " + to);
    }

    private List<Relay> all() {
        List<Relay> all = new ArrayList<>();
        relays.values().forEach(all::addAll);
        return all;
    }

    @Override
    public synchronized void close() {
        all().forEach(Relay::close);
    }
}
