package io.jofka.node.rest;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.helidon.webserver.WebServer;
import io.jofka.node.common.SecureSeed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StartingFilterTest {
    private final AtomicBoolean started = new AtomicBoolean();

    @Test
    void theApiRefusesUntilTheNodeHasStarted() throws IOException, InterruptedException {
        ProblemWriter problems = new ProblemWriter(1, new RequestIds(new SecureSeed()));
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.addFilter(new StartingFilter(started::get, problems))
                        .get("/api/v1/topics", (request, response) -> response.send("topics"))
                        .get("/health/live", (request, response) -> response.send("live")))
                .build()
                .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> early = get(client, server.port(), "/api/v1/topics");
            assertThat(early.statusCode(), is(503));
            assertThat(early.headers().firstValue("Retry-After").orElse(""), is("1"));
            assertThat(early.body(), containsString("\"code\":\"STARTING\""));
            assertThat(get(client, server.port(), "/health/live").body(), is("live"));
            started.set(true);
            assertThat(get(client, server.port(), "/api/v1/topics").body(), is("topics"));
        } finally {
            server.stop();
        }
    }

    private static HttpResponse<String> get(HttpClient client, int port, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
