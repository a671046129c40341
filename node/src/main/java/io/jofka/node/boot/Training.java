package io.jofka.node.boot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Uses the node once as people do and stops it, so that the JVM's ahead-of-time cache knows the classes of the first
 * requests too.
 */
final class Training implements Runnable {
    private final String root;

    Training(int restPort) {
        this.root = "http://127.0.0.1:" + restPort;
    }

    @Override
    public void run() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            send(client, "POST", "/api/v1/topics", "{\"name\":\"training\",\"partitions\":1}");
            send(
                    client,
                    "POST",
                    "/api/v1/topics/training/records",
                    "{\"records\":[{\"key\":\"k\",\"value\":{\"a\":1}}]}");
            send(client, "GET", "/api/v1/topics/training/records?from=earliest", "");
            send(client, "GET", "/health/ready", "");
            send(client, "GET", "/metrics", "");
        } catch (IOException e) {
            System.err.println("training: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }

    private void send(HttpClient client, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
