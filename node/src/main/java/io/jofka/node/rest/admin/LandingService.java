package io.jofka.node.rest.admin;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** The page at {@code /}: where everything is. Thread-safe. */
public final class LandingService implements HttpService {
    private final int nodeId;
    private final String version;

    public LandingService(int nodeId, String version) {
        this.nodeId = nodeId;
        this.version = version;
    }

    @Override
    public void routing(HttpRules rules) {
        String body = "<h1>Jofka</h1><p>Node " + nodeId + ", version " + Html.escape(version) + ".</p><ul>"
                + link("/openapi/ui", "The API, to read and to try")
                + link("/openapi", "The OpenAPI document")
                + link("/api/v1/topics", "Topics")
                + link("/api/v1/nodes", "Nodes")
                + link("/api/v1/raft", "The metadata quorum")
                + link("/api/v1/events", "What happened lately")
                + link("/health", "Health")
                + link("/metrics", "Metrics")
                + link("/problems", "What each problem means")
                + "</ul>";
        rules.get("/", (request, response) -> Html.send(response, "Jofka", body));
    }

    private static String link(String address, String text) {
        return "<li><a href=\"" + address + "\">" + text + "</a> <code>" + address + "</code>";
    }
}
