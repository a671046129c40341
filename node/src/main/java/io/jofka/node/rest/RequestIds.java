package io.jofka.node.rest;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.node.common.Seed;
import java.util.HexFormat;

/**
 * Names every request: the caller's {@code X-Request-Id} where it is sane (1 to 64 of {@code A-Z a-z 0-9 . _ -}),
 * otherwise 16 random hex digits. Thread-safe.
 */
public final class RequestIds {
    public static final HeaderName X_REQUEST_ID = HeaderNames.create("X-Request-Id");
    public static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");

    private static final int MAX_LENGTH = 64;
    private static final int TRACEPARENT_LENGTH = 55;

    private final Seed seed;

    public RequestIds(Seed seed) {
        this.seed = seed;
    }

    /** The id of this request, the same at every call for it. */
    public String of(ServerRequest request) {
        return request.context().get(RequestId.class).map(RequestId::value).orElseGet(() -> {
            String id = fromHeaders(request.headers());
            request.context().register(new RequestId(id));
            return id;
        });
    }

    /** The caller's id, or a new one. Not remembered. */
    String fromHeaders(Headers headers) {
        return headers.first(X_REQUEST_ID)
                .filter(RequestIds::isSane)
                .orElseGet(() -> HexFormat.of().toHexDigits(seed.nextLong()));
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

    /** How the id travels in the request's context, from the first filter to whoever answers. */
    public record RequestId(String value) {}
}
