package io.jofka.node.peer;

import io.jofka.node.common.Net;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much one port serves at a time: calls of each asking node and kind, so that one node cannot take the place of
 * another, and bytes of requests of all. Thread-safe; holds an entry only for who is being served.
 */
final class ServingLimits {
    private final int maxCalls;
    private final long maxBytes;
    private final Map<Caller, Integer> calls = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    private record Caller(int node, Net.Call call) {}

    ServingLimits(int maxCalls, long maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
    }

    /** Takes room for a call, to be given back by {@link #leave}; or says why there is none. */
    Optional<String> enter(int node, Net.Call call, int sizeBytes) {
        if (bytes.addAndGet(sizeBytes) > maxBytes) {
            bytes.addAndGet(-sizeBytes);
            return Optional.of("overloaded: too many bytes of requests are being served");
        }
        boolean[] entered = new boolean[1];
        calls.compute(new Caller(node, call), (_, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < maxCalls;
            return entered[0] ? now + 1 : count;
        });
        if (!entered[0]) {
            bytes.addAndGet(-sizeBytes);
            return Optional.of("overloaded: too many calls of the kind " + call + " are being served for node " + node);
        }
        return Optional.empty();
    }

    void leave(int node, Net.Call call, int sizeBytes) {
        bytes.addAndGet(-sizeBytes);
        calls.computeIfPresent(new Caller(node, call), (_, count) -> count == 1 ? null : count - 1);
    }

    /** Bytes of the requests that are being served. */
    long servingBytes() {
        return bytes.get();
    }
}
