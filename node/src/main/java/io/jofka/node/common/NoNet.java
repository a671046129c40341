package io.jofka.node.common;

import java.util.concurrent.CompletableFuture;

/** The network of a cluster of one: there is nobody to ask, and nobody asks. Thread-safe. */
public final class NoNet implements Net {
    @Override
    public CompletableFuture<byte[]> call(int node, Call call, byte[] request, int timeoutMs) {
        return CompletableFuture.failedFuture(new Unreachable("node " + node + " has no address: this node is alone"));
    }

    @Override
    public void serve(Call call, Handler handler) {
        // nobody asks
    }
}
