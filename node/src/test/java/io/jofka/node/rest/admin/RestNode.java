package io.jofka.node.rest.admin;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.broker.idempotency.IdempotencyConfig;
import io.jofka.node.common.SystemClock;
import io.jofka.node.live.EventRing;
import io.jofka.node.live.EventsService;
import io.jofka.node.live.LiveConfig;
import io.jofka.node.live.StreamGuard;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.rest.Contract;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.RestConfig;
import io.jofka.node.rest.TransportFaults;
import io.jofka.node.rest.data.DataPath;
import io.jofka.node.rest.data.MemoryLog;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.sim.SimulatedSeed;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** The whole administrative edge of one node on a plain web server, over layers in memory. */
final class RestNode implements AutoCloseable {
    final FakeCluster cluster = new FakeCluster();
    final EventRing events = new EventRing(new SystemClock(), LiveConfig.defaults());
    final WebServer server;
    private final DataPath data;

    private final HttpClient client = HttpClient.newHttpClient();

    RestNode() {
        RequestIds ids = new RequestIds(new SimulatedSeed(1));
        ProblemWriter problems = new ProblemWriter(FakeCluster.NODE, ids);
        AdminServices services = new AdminServices(
                FakeCluster.NODE,
                "1.0-test",
                cluster,
                cluster,
                cluster,
                cluster,
                cluster,
                new EffectiveConfigs(FakeCluster.NODE, Map.of()),
                problems,
                new Contract(),
                AdminConfig.defaults());
        List<HealthService.Check> checks = List.of(
                new HealthService.Check(
                        HealthService.Kind.STARTED, "started", () -> new HealthService.Finding(true, Map.of())),
                new HealthService.Check(
                        HealthService.Kind.READY,
                        "log",
                        () -> new HealthService.Finding(true, Map.of("partitions", 3))),
                new HealthService.Check(
                        HealthService.Kind.LIVE, "loops", () -> new HealthService.Finding(true, Map.of())));
        HttpRouting.Builder routing = HttpRouting.builder();
        LiveConfig live = LiveConfig.defaults();
        routing.register(
                "/api/v1/events",
                new EventsService(FakeCluster.NODE, events, new StreamGuard(new SystemClock(), live), live));
        AtomicLong nextProducer = new AtomicLong(1_000);
        MemoryLog log = new MemoryLog();
        ProducerIds producerIds =
                () -> CompletableFuture.completedFuture(new OffsetService.Result.Ok<>(nextProducer.getAndIncrement()));
        Idempotency idempotency = new Idempotency(
                cluster, cluster, log, log, producerIds, new SystemClock(), IdempotencyConfig.defaults());
        data = new DataPath(
                new DataPath.Ports(cluster, log, log, log, producerIds, idempotency),
                DataLimits.defaults(),
                new SystemClock(),
                new SimulatedSeed(2),
                problems,
                ids);
        data.start();
        routing.register("/api/v1", data.service());
        new AdminRoutes(
                        services,
                        RestConfig.defaults(),
                        ids,
                        checks,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .register(routing);
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .maxPayloadSize(4 << 20)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .directHandlers(new TransportFaults(problems, ids).handlers())
                .contentEncoding(data.contentEncoding())
                .errorHandling(handling -> handling.includeEntity(true))
                .routing(routing)
                .build()
                .start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** {@code headers} are names and values in turn. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, publisher);
        if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " had no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
