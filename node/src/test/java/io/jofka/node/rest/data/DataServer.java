package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.broker.idempotency.IdempotencyConfig;
import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.admin.ContractCheck;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real server on a free port with the data path over a log in memory. Every answer that it gives to its own calls is
 * held against the OpenAPI document.
 */
final class DataServer implements AutoCloseable {
    private static final ContractCheck CONTRACT = new ContractCheck();

    final MemoryImages images;
    final MemoryLog log;
    final Idempotency idempotency;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final MeterRegistry metrics = new SimpleMeterRegistry();
    private final DataPath path;
    private final WebServer server;

    DataServer() {
        this(DataLimits.defaults());
    }

    DataServer(DataLimits limits) {
        this(limits, new MemoryImages(), new MemoryLog(), IdempotencyConfig.defaults());
    }

    /** A node after a restart, or another one: it shares the log and the metadata, and nothing else. */
    DataServer(DataLimits limits, MemoryImages images, MemoryLog log, IdempotencyConfig keys) {
        this.images = images;
        this.log = log;
        AtomicLong nextProducer = new AtomicLong(System.nanoTime() & 0xffff_ffffL);
        ProducerIds producerIds =
                () -> CompletableFuture.completedFuture(new Result.Ok<>(nextProducer.getAndIncrement()));
        idempotency =
                new Idempotency(images, new MemoryTopicAdmin(images), log, log, producerIds, new SystemClock(), keys);
        RequestIds requestIds = new RequestIds(new SecureSeed());
        path = new DataPath(
                new DataPath.Ports(
                        images, log, log, log, producerIds, idempotency, new EffectiveConfigs(1, Map.of()), metrics),
                limits,
                new SystemClock(),
                new SecureSeed(),
                new ProblemWriter(1, requestIds),
                requestIds);
        path.start();
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .contentEncoding(path.contentEncoding())
                .addProtocol(Http1Config.builder().build())
                .routing(routing -> routing.register("/api/v1", path.service())
                        .any("/api/v1/elsewhere", (req, res) -> res.send("elsewhere"))
                        .error(
                                io.helidon.http.NotFoundException.class,
                                (req, res, e) ->
                                        res.status(Status.NOT_FOUND_404).send()))
                .build()
                .start();
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    TopicPartition partition(String topic, int partition) {
        return new TopicPartition(images.current().topic(topic).orElseThrow().id(), partition);
    }

    void topic(String name, int partitions) {
        images.topic(name, partitions, Map.of());
    }

    /** A bare connection on which the request head has been sent. */
    Socket connect(String... head) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
            socket.setSoTimeout(10_000);
            String text = String.join("\r\n", head) + "\r\nHost: x\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(
                HttpRequest.newBuilder(uri("/api/v1" + path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) {
        return send(
                HttpRequest.newBuilder(uri("/api/v1" + path)).POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                headers);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(uri("/api/v1" + path)).GET(), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpRequest wanted = request.timeout(Duration.ofSeconds(20)).build();
            HttpResponse<String> answer = client.send(wanted, HttpResponse.BodyHandlers.ofString());
            check(wanted, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(HttpRequest request, HttpResponse<String> answer) {
        String address = request.uri().getRawPath();
        boolean ours = CONTRACT.contract().find(request.method(), address).isPresent()
                && !answer.headers().firstValue("content-type").orElse("").isEmpty();
        if (ours) {
            assertThat(answer.body(), CONTRACT.faults(request.method(), address, answer), empty());
        }
    }

    @Override
    public void close() {
        path.close();
        idempotency.close();
        server.stop();
    }
}
