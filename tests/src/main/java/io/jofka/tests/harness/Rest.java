package io.jofka.tests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A small client of the REST API; thread-safe. Paths are below {@code /api/v1} unless they start with {@code //}. */
public final class Rest {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json";

    private final URI base;
    private final HttpClient client;
    private final Duration deadline;

    public Rest(URI base) {
        this(base, Duration.ofSeconds(30));
    }

    public Rest(URI base, Duration deadline) {
        this.base = base;
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline)
                .build();
    }

    /** An answer as it came. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + status + " " + text(), e);
            }
        }

        /** The last part of a problem's type; empty when the answer is no problem. */
        public String problem() {
            if (!header("content-type").orElse("").startsWith("application/problem+json")) {
                return "";
            }
            String type = json().path("type").asText();
            return type.substring(type.lastIndexOf('/') + 1);
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
        }

        /** This answer when it is 2xx. */
        public Answer orFail() {
            if (status / 100 != 2) {
                throw new AssertionError("answer " + status + ": " + text());
            }
            return this;
        }
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    public Answer get(String path, Map<String, String> headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), Map.of());
    }

    /** POSTs JSON text. */
    public Answer post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), Map.of("Content-Type", JSON_TYPE));
    }

    public Answer post(String path, byte[] body, Map<String, String> headers) {
        return send("POST", path, BodyPublishers.ofByteArray(body), headers);
    }

    public Answer send(String method, String path, BodyPublisher body, Map<String, String> headers) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri(path)).timeout(deadline).method(method, body);
            headers.forEach(request::header);
            var response = client.send(request.build(), BodyHandlers.ofByteArray());
            Map<String, String> first = new java.util.HashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> first.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            return new Answer(response.statusCode(), first, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public URI uri(String path) {
        return URI.create(
                base.toString().replaceAll("/$", "") + (path.startsWith("//") ? path.substring(1) : "/api/v1" + path));
    }

    /** Creates a topic; fails when it cannot. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        ObjectNode topic = JSON.createObjectNode();
        topic.put("name", name).put("partitions", partitions);
        ObjectNode settings = topic.putObject("configs");
        configs.forEach(settings::put);
        post("/topics", text(topic)).orFail();
    }

    /** A JSON tree as compact text. */
    public static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the node says it is ready. */
    public boolean ready() {
        try {
            return get("//health/ready").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
