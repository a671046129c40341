package io.jofka.node.rest.transport;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.time.Duration;

/** Puts all limits of the HTTP listener onto a web server's configuration, over what is configured there. */
public final class Transport {
    private final TransportConfig config;
    private final ConnectionGuard guard;
    private final DirectHandlers faults;

    /** {@code faults} answers what is refused outside of routing. */
    public Transport(TransportConfig config, ConnectionGuard guard, DirectHandlers faults) {
        this.config = config;
        this.guard = guard;
        this.faults = faults;
    }

    public void harden(WebServerConfig.BuilderBase<?, ?> server) {
        server.maxPayloadSize(config.maxBodyBytes())
                .maxTcpConnections(config.maxConnections())
                .maxConcurrentRequests(config.maxConcurrentRequests())
                .idleConnectionTimeout(Duration.ofMillis(config.idleMs()))
                .idleConnectionPeriod(Duration.ofMillis(Math.max(1_000, config.idleMs() / 8)))
                .backlog(config.backlog())
                .shutdownGracePeriod(Duration.ofMillis(config.graceMs()))
                // the handlers need the server's message to tell one 400 from another, and do not show it
                .errorHandling(handling -> handling.includeEntity(true))
                .directHandlers(faults)
                .connectionOptions(new GuardedOptions(
                        SocketOptions.builder().tcpNoDelay(true).build(), guard))
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(config.maxHeaderBytes())
                        .maxPrologueLength(config.maxRequestLineBytes())
                        .addReceiveListener(guard)
                        .build())
                .addProtocol(Http2Config.builder()
                        .maxConcurrentStreams(config.maxStreams())
                        .maxHeaderListSize(config.maxHeaderBytes())
                        .build());
    }
}
