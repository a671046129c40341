package io.jofka.node.rest.transport;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.transport.Watched.State;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose caller is too slow: that send their headers bit by bit or never, stop in the middle of a body,
 * or do not take their answer. The web server has no limit for any of these (its read timeout does not reach the
 * channels it reads from), and each would hold a thread and a place for ever.
 *
 * <p>It learns of a connection when its socket is configured, of the first line and the headers as a listener of the
 * HTTP/1.1 parser, and of the request's begin and end as a filter. Thread-safe; {@link #sweep} is called about once a
 * second.
 */
public final class ConnectionGuard implements Filter, Http1ConnectionListener {
    private static final System.Logger LOG = System.getLogger(ConnectionGuard.class.getName());

    private final Clock clock;
    private final long headNanos;
    private final long readNanos;
    private final long quietNanos;
    private final int minBodyRate;
    private final Map<SocketAddress, Watched> connections = new ConcurrentHashMap<>();

    public ConnectionGuard(TransportConfig config, Clock clock) {
        this.clock = clock;
        this.headNanos = TimeUnit.MILLISECONDS.toNanos(config.headMs());
        this.readNanos = TimeUnit.MILLISECONDS.toNanos(config.bodyReadMs());
        this.quietNanos = TimeUnit.MILLISECONDS.toNanos(config.quietMs());
        this.minBodyRate = config.minBodyRate();
    }

    /** Takes a fresh connection under watch. */
    void accepted(SocketChannel channel) {
        try {
            SocketAddress remote = channel.getRemoteAddress();
            if (remote != null) {
                connections.put(remote, new Watched(channel, clock));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "A connection was gone before it was watched", e);
        }
    }

    private @Nullable Watched of(SocketAddress remote) {
        return connections.get(remote);
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        enter(context.remotePeer().address(), State.HEAD);
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        enter(context.remotePeer().address(), State.BUSY);
    }

    @Override
    public void data(ConnectionContext context, BufferData data) {
        // the parser tells only of lines and headers
    }

    @Override
    public void data(ConnectionContext context, byte[] data, int position, int length) {
        // the parser tells only of lines and headers
    }

    private void enter(SocketAddress remote, State state) {
        Watched connection = of(remote);
        if (connection != null) {
            connection.enter(state);
        }
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Watched connection = of(request.remotePeer().address());
        if (connection == null) {
            chain.proceed();
            return;
        }
        if (!request.prologue().protocolVersion().equals("1.1")) {
            connection.enter(State.OTHER);
            chain.proceed();
            return;
        }
        // asking for the content here would make it before the filter is set, and then the filter is never used
        boolean lines = isStream(request.headers().first(HeaderNames.CONTENT_TYPE));
        request.streamFilter(body -> connection.watch(body, lines ? 0 : minBodyRate));
        if (mayStream(request)) {
            response.streamFilter(connection::watch);
        }
        chain.proceed();
        // what is left of a body is thrown away by the web server, and must come as quickly as headers
        connection.enter(request.content().consumed() ? State.IDLE : State.HEAD);
    }

    /** Only streams outlast the quiet time; watching other answers would cost them the web server's direct way out. */
    private static boolean mayStream(RoutingRequest request) {
        return isStream(request.headers().first(HeaderNames.ACCEPT))
                || isStream(request.headers().first(HeaderNames.CONTENT_TYPE));
    }

    private static boolean isStream(Optional<String> mediaTypes) {
        return mediaTypes.isPresent()
                && (mediaTypes.get().contains("event-stream")
                        || mediaTypes.get().contains("ndjson"));
    }

    /** Closes what is overdue, and forgets what is closed. */
    public void sweep() {
        long now = clock.nanos();
        connections.forEach((remote, connection) -> {
            if (!connection.channel.isOpen()) {
                connections.remove(remote, connection);
            } else if (connection.isOverdue(now, headNanos, readNanos, quietNanos)) {
                connections.remove(remote, connection);
                close(connection.channel);
            }
        });
    }

    /** Connections under watch. */
    public int watched() {
        return connections.size();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "An overdue connection was already gone", e);
        }
    }
}
