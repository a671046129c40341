package io.jofka.node.rest;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.jofka.api.fault.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pages of other sites, open in a browser on this machine or in this network, from using the node. Programs are not
 * concerned: they send neither a foreign {@code Host} nor an {@code Origin}.
 *
 * <ul>
 *   <li>Host: where {@code allowedHosts} is not empty (the default on a loopback bind), the {@code Host} must be one of
 *       them; otherwise a name of the attacker that resolves to 127.0.0.1 (DNS rebinding) would be same-origin.
 *   <li>Origin: a request that changes something and carries an {@code Origin} must come from the node's own pages or
 *       from one of {@code allowedOrigins}; otherwise any page could post records (CSRF). There are no CORS answers, so
 *       reading is barred by the browser itself.
 * </ul>
 *
 * Thread-safe.
 */
public final class BrowserGuard implements Filter {
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private final Set<String> allowedHosts;
    private final Set<String> allowedOrigins;
    private final ProblemWriter problems;

    /**
     * @param allowedHosts host names without port, lower case; empty allows all
     * @param allowedOrigins origins as browsers send them, for example {@code https://console.example.com}
     */
    public BrowserGuard(Set<String> allowedHosts, Set<String> allowedOrigins, ProblemWriter problems) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.allowedOrigins = Set.copyOf(allowedOrigins);
        this.problems = problems;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String authority = request.authority();
        if (!allowedHosts.isEmpty() && !allowedHosts.contains(host(authority))) {
            String detail = "'" + Parameters.shown(authority) + "' is not a name of this node (header Host).";
            problems.send(request, response, Problem.of(Fault.FORBIDDEN, detail));
        } else if (changes(request.prologue().method()) && isForeign(request, authority)) {
            String detail = "Pages of other origins may not change anything here (header Origin).";
            problems.send(request, response, Problem.of(Fault.FORBIDDEN, detail));
        } else {
            chain.proceed();
        }
    }

    private static boolean changes(Method method) {
        return !method.equals(Method.GET) && !method.equals(Method.HEAD) && !method.equals(Method.OPTIONS);
    }

    private boolean isForeign(RoutingRequest request, String authority) {
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isEmpty()) {
            return request.headers()
                    .first(SEC_FETCH_SITE)
                    .filter("cross-site"::equals)
                    .isPresent();
        }
        if (allowedOrigins.contains(origin.get())) {
            return false;
        }
        try {
            String originAuthority = new URI(origin.get()).getRawAuthority();
            return originAuthority == null || !originAuthority.equalsIgnoreCase(authority);
        } catch (URISyntaxException e) {
            return true;
        }
    }

    /** The host of {@code host:port}, lower case, without a trailing dot; brackets of IPv6 stay. */
    static String host(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        String host = end > 0 ? authority.substring(0, end) : authority;
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
