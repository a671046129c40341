package io.helidon.microprofile.server;

import io.helidon.webserver.WebServerConfig;

/**
 * The one door to the builder of the MicroProfile server, which keeps it package-private: without it neither the bodies
 * of transport faults nor the bounded inflation of request bodies can be set. See docs/decisions/0002-server-builder.md.
 */
public final class ServerBuilderAccess {
    private ServerBuilderAccess() {}

    public static WebServerConfig.Builder of(ServerCdiExtension extension) {
        return extension.serverBuilder();
    }
}
