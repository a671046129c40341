package io.jofka.node.peer;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Closes at once what connects while so many are connected; grpc-netty itself has no bound. Owner: its event loop. */
final class BoundedServerChannel extends NioServerSocketChannel {
    private final int maxConnections;
    private final AtomicInteger connections = new AtomicInteger();

    BoundedServerChannel(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int read = super.doReadMessages(accepted);
        if (read <= 0) {
            return read;
        }
        Channel newest = (Channel) accepted.getLast();
        if (connections.incrementAndGet() > maxConnections) {
            connections.decrementAndGet();
            accepted.removeLast();
            newest.unsafe().closeForcibly();
            return 0;
        }
        newest.closeFuture().addListener(_ -> connections.decrementAndGet());
        return read;
    }
}
