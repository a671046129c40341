package io.jofka.node.rest;

import java.util.Set;

/**
 * Settings of the REST edge as a whole.
 *
 * @param allowedHosts names that a {@code Host} header may have, lower case, without port; empty allows all. On a loopback
 *     bind {@link #loopbackHosts} plus the advertised name
 * @param allowedOrigins origins of other sites whose pages may change things, as browsers send them; empty by default
 * @param metadataWaitMs how long a request with {@code Jofka-Min-Metadata-Index} may wait, 0 to 60,000
 */
public record RestConfig(Set<String> allowedHosts, Set<String> allowedOrigins, int metadataWaitMs) {
    public RestConfig {
        allowedHosts = Set.copyOf(allowedHosts);
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** For a listener on loopback. */
    public static RestConfig defaults() {
        return new RestConfig(loopbackHosts(), Set.of(), 5_000);
    }

    /** The names of this machine to itself. */
    public static Set<String> loopbackHosts() {
        return Set.of("localhost", "127.0.0.1", "[::1]");
    }
}
