package io.jofka.node.rest.data.exchange;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Media types of the data path, and the choice among them. */
public final class Media {
    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String SSE = "text/event-stream";
    public static final String BATCHES = "application/vnd.jofka.record-batches";
    public static final String CLOUD_EVENT = "application/cloudevents+json";
    public static final String CLOUD_EVENTS = "application/cloudevents-batch+json";

    private Media() {}

    /** The type of the body without its parameters, one of {@code supported}; absent means the first of them. */
    public static String ofBody(ServerRequestHeaders headers, List<String> supported) {
        if (!headers.contains(HeaderNames.CONTENT_TYPE)) {
            return supported.getFirst();
        }
        String sent = headers.get(HeaderNames.CONTENT_TYPE).get();
        for (String type : supported) {
            if (sent.equals(type)) {
                return type;
            }
        }
        String bare = bare(sent);
        for (String type : supported) {
            if (bare.equals(type) && isUtf8(sent)) {
                return type;
            }
        }
        throw new Refusal(Problem.of(
                        Fault.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Type '" + shown(sent) + "' is not supported here; use "
                                + String.join(" or ", supported) + " (text in UTF-8).")
                .extra(Map.of("supported", List.copyOf(supported))));
    }

    /** The type of the body without parameters, in lower case; empty when it is not stated. */
    public static String bare(ServerRequestHeaders headers) {
        return headers.contains(HeaderNames.CONTENT_TYPE)
                ? bare(headers.get(HeaderNames.CONTENT_TYPE).get())
                : "";
    }

    /** The type to answer with: the best of {@code offered} that the caller accepts; the first where all are equal. */
    public static String toAnswer(ServerRequestHeaders headers, List<String> offered) {
        if (!headers.contains(HeaderNames.ACCEPT)) {
            return offered.getFirst();
        }
        String accept = String.join(",", headers.get(HeaderNames.ACCEPT).allValues());
        String best = "";
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        if (best.isEmpty()) {
            throw new Refusal(Problem.of(
                            Fault.NOT_ACCEPTABLE,
                            "Accept '" + shown(accept) + "' matches nothing that is served here; use "
                                    + String.join(" or ", offered) + ".")
                    .extra(Map.of("supported", List.copyOf(offered))));
        }
        return best;
    }

    private static double quality(String accept, String type) {
        String family = type.substring(0, type.indexOf('/')) + "/*";
        double quality = 0;
        int precision = 0;
        for (String range : accept.split(",", 64)) {
            String bare = bare(range);
            int match =
                    bare.equals(type) ? 3 : bare.equals(family) ? 2 : bare.equals("*/*") || bare.equals("*") ? 1 : 0;
            if (match > precision) {
                precision = match;
                quality = weight(range);
            }
        }
        return quality;
    }

    private static double weight(String range) {
        int at = range.toLowerCase(Locale.ROOT).indexOf(";q=");
        if (at < 0) {
            at = range.toLowerCase(Locale.ROOT).indexOf("; q=");
            at = at < 0 ? -1 : at + 1;
        }
        if (at < 0) {
            return 1;
        }
        String number = range.substring(at + 3).split(";", 2)[0].trim();
        return number.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(number)) : 0;
    }

    private static String bare(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    private static boolean isUtf8(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("charset=");
        if (at < 0) {
            return true;
        }
        String charset =
                lower.substring(at + 8).split(";", 2)[0].replace("\"", "").trim();
        return charset.equals("utf-8") || charset.equals("utf8") || charset.equals("us-ascii");
    }

    private static String shown(String header) {
        return header.length() <= 100 ? header : header.substring(0, 100) + "...";
    }
}
