package io.jofka.node.sim;

import io.jofka.node.common.Net;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The network of nodes in one process. Requests run on virtual threads; links can be cut. Thread-safe. */
public final class LocalNet {
    private record Link(int from, int to) {}

    private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
    private final Set<Link> cut = ConcurrentHashMap.newKeySet();

    /** The network as the node sees it; a later call for the same node takes the place of the earlier one. */
    public Net of(int node) {
        Port port = new Port(node);
        ports.put(node, port);
        return port;
    }

    /** The node is gone: nobody can connect to it, and its own calls fail. */
    public void down(int node) {
        ports.remove(node);
    }

    public void cut(int from, int to) {
        cut.add(new Link(from, to));
    }

    /** Cuts a node from all others, both ways. */
    public void isolate(int node) {
        for (int other : ports.keySet()) {
            if (other != node) {
                cut(node, other);
                cut(other, node);
            }
        }
    }

    public void heal() {
        cut.clear();
    }

    private final class Port implements Net {
        private final int self;
        private final Map<Call, Handler> handlers = new EnumMap<>(Call.class);

        Port(int self) {
            this.self = self;
        }

        @Override
        public CompletableFuture<byte[]> call(int node, Call call, byte[] request, int timeoutMs) {
            Port target = ports.get(node);
            if (ports.get(self) != this) {
                return CompletableFuture.failedFuture(new Unreachable("node " + self + " itself is down"));
            }
            if (target == null) {
                boolean hidden = cut.contains(new Link(self, node)) || cut.contains(new Link(node, self));
                return CompletableFuture.failedFuture(
                        hidden ? new Unreachable("no way to node " + node) : new Refused("node " + node + " is down"));
            }
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            if (!cut.contains(new Link(self, node))) {
                Thread.startVirtualThread(() -> target.answer(self, call, request.clone(), answer, node));
            }
            return answer.orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                    .exceptionallyCompose(e -> CompletableFuture.failedFuture(
                            e instanceof NetFailure ? e : new Unanswered("node " + node + " did not answer: " + e)));
        }

        private void answer(int from, Call call, byte[] request, CompletableFuture<byte[]> answer, int node) {
            Handler handler = handlers.get(call);
            if (handler == null) {
                answer.completeExceptionally(new Rejected("nobody serves " + call));
                return;
            }
            try {
                var _ = handler.handle(from, request).whenComplete((bytes, failure) -> {
                    if (cut.contains(new Link(node, from))) {
                        return;
                    }
                    if (failure == null) {
                        answer.complete(bytes.clone());
                    } else {
                        answer.completeExceptionally(new Rejected(String.valueOf(failure)));
                    }
                });
            } catch (RuntimeException e) {
                answer.completeExceptionally(new Rejected(String.valueOf(e)));
            }
        }

        @Override
        public void serve(Call call, Handler handler) {
            handlers.put(call, handler);
        }
    }
}
