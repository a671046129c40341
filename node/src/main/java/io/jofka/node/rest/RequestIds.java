package io.jofka.node.rest;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.node.common.Seed;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Names every request: the caller's {@code X-Request-Id} where it is sane (1 to 64 of {@code A-Z a-z 0-9 . _ -}),
 * otherwise 16 random hex digits. Thread-safe.
 */
public final class RequestIds {
    public static final HeaderName X_REQUEST_ID = HeaderNames.create("X-Request-Id");
    public static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");

    private static final int MAX_LENGTH = 64;
    private static final int TRACEPARENT_LENGTH = 55;

    /** The increment of SplitMix64; the counter through its mixer gives ids that do not repeat before 2^64. */
    private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final AtomicLong counter;

    /** The request that this thread handles: a connection has a thread of its own and handles one at a time. */
    @SuppressWarnings("ThreadLocalUsage") // there is one instance for each node, and a node has no statics
    private final ThreadLocal<@Nullable Named> current = new ThreadLocal<>();

    /** The seed is drawn once: ids need to be unlike each other, not secret, and every request makes one. */
    public RequestIds(Seed seed) {
        this.counter = new AtomicLong(seed.nextLong());
    }

    /** The id of this request, the same at every call for it on its own thread. */
    public String of(ServerRequest request) {
        Named last = current.get();
        if (last != null && last.request().equals(request)) {
            return last.id();
        }
        String id = fromHeaders(request.headers());
        current.set(new Named(request, id));
        return id;
    }

    private record Named(ServerRequest request, String id) {}

    /** The caller's id, or a new one. Not remembered. */
    String fromHeaders(Headers headers) {
        return headers.first(X_REQUEST_ID).filter(RequestIds::isSane).orElseGet(this::next);
    }

    private String next() {
        long z = counter.addAndGet(GAMMA);
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return HexFormat.of().toHexDigits(z ^ (z >>> 31));
    }

    static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean ok =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
            if (!ok) {
                return false;
            }
        }
        return true;
    }

    /** Whether it has the form of W3C Trace Context version 00; only such values are echoed. */
    static boolean isTraceparent(String value) {
        if (value.length() != TRACEPARENT_LENGTH) {
            return false;
        }
        for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
            char c = value.charAt(i);
            boolean dash = i == 2 || i == 35 || i == 52;
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }
}
