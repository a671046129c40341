package io.jofka.node.rest.admin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/** The few pages for people: plain HTML, no script of our own, nothing from elsewhere. */
final class Html {
    static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    static final HeaderName FRAME_OPTIONS = HeaderNames.create("X-Frame-Options");
    static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");

    /** What a page without script and images needs. */
    static final String STRICT = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private static final String STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;"
            + "padding:0 1rem;color:#111827;background:#fff}a{color:#4338ca}code{font-size:.95em}"
            + "dt{font-weight:600;margin-top:.8rem}td,th{text-align:left;padding:.2rem .8rem .2rem 0}"
            + "@media(prefers-color-scheme:dark){body{color:#eceef4;background:#0d0f16}a{color:#a5b4fc}}";

    private Html() {}

    /** Whether the caller, by its Accept header, is a browser that shows a page. */
    static boolean isWanted(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.ACCEPT)
                .filter(accept -> accept.contains("text/html"))
                .isPresent();
    }

    static void send(ServerResponse response, String title, String body) {
        String page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><meta name=\"viewport\" content=\"width=device-width\"><style>" + STYLE
                + "</style></head><body>\n" + body + "\n</body></html>\n";
        secure(response, STRICT);
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=UTF-8");
        response.send(page.getBytes(StandardCharsets.UTF_8));
    }

    static void secure(ServerResponse response, String policy) {
        response.header(CSP, policy);
        response.header(FRAME_OPTIONS, "DENY");
        response.header(REFERRER_POLICY, "no-referrer");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
