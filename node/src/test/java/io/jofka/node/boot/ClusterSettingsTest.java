package io.jofka.node.boot;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jofka.node.boot.ClusterSettings.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterSettingsTest {
    private static final String THREE = "1@10.0.0.1:9190, 2@node-b:9191,3@[::1]:9192";

    private static ClusterSettings of(String... pairs) {
        Map<String, String> values = new java.util.HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return ClusterSettings.of(Settings.read(key -> Optional.ofNullable(values.get(key)), List.of()));
    }

    private static String fault(String... pairs) {
        return String.join(
                "; ", assertThrows(Settings.BadSettings.class, () -> of(pairs)).faults());
    }

    @Test
    void aNodeWithoutPeersIsAloneAndHasBothRoles() {
        ClusterSettings alone = of();
        assertThat(alone.isAlone(1), is(true));
        assertThat(alone.controller() && alone.broker(), is(true));
        assertThat(alone.voters(), contains(1));
    }

    @Test
    void threeControllersAreRead() {
        ClusterSettings three = of("server.cluster.peers", THREE, "jofka.cluster.id", "c1");
        assertThat(three.voters(), contains(1, 2, 3));
        assertThat(three.controllers().get(2), is(new Peer("node-b", 9191)));
        assertThat(three.controllers().get(3), is(new Peer("::1", 9192)));
        assertThat(three.isAlone(1), is(false));
    }

    @Test
    void aBrokerIsNoneOfTheControllers() {
        ClusterSettings broker = of(
                "server.node-id",
                "7",
                "server.roles",
                "broker",
                "server.cluster.peers",
                THREE,
                "jofka.cluster.id",
                "c");
        assertThat(broker.controller(), is(false));
        assertThat(broker.broker(), is(true));
    }

    @Test
    void rolesAndPeersMustAgree() {
        assertThat(
                fault("server.node-id", "7", "server.cluster.peers", THREE, "jofka.cluster.id", "c"),
                containsString("does not name node 7"));
        assertThat(fault("server.roles", "broker"), containsString("names node 1 as a controller, or is empty"));
        assertThat(fault("server.roles", "king"), containsString("must be both, broker or controller"));
    }

    @Test
    void theLastPortIsNoInternalPortSinceTheNextIsUsedToo() {
        assertThat(
                fault("jofka.peer.port", "65535"), containsString("jofka.peer.port=65535 must be between 0 and 65534"));
        assertThat(
                fault("server.cluster.peers", "1@a:65535", "jofka.cluster.id", "c"),
                containsString("no port between 1 and 65534 (the port behind it is used too)"));
    }

    @Test
    void peersAreCheckedOneByOne() {
        assertThat(
                fault("server.cluster.peers", "1@a", "jofka.cluster.id", "c"),
                containsString("'1@a' is not of the form"));
        assertThat(
                fault("server.cluster.peers", "1@a:1,1@b:2,2@c:3", "jofka.cluster.id", "c"),
                containsString("names node 1 twice"));
        assertThat(
                fault("server.cluster.peers", "1@a:70000", "jofka.cluster.id", "c"), containsString("no port between"));
        assertThat(
                fault("server.cluster.peers", "1@a:1,2@b:1", "jofka.cluster.id", "c"),
                containsString("there must be 1, 3 or 5"));
    }

    @Test
    void aClusterNeedsAName() {
        assertThat(fault("server.cluster.peers", THREE), containsString("jofka.cluster.id must be set"));
        assertThat(fault("server.cluster.peers", THREE, "jofka.cluster.id", "a b"), containsString("1 to 64 letters"));
    }
}
