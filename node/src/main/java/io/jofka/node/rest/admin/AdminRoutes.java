package io.jofka.node.rest.admin;

import io.helidon.config.Config;
import io.helidon.jersey.webserver.JaxRsService;
import io.helidon.webserver.http.HttpRouting;
import io.jofka.node.rest.BrowserGuard;
import io.jofka.node.rest.FaultHandlers;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.RequestFilter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.RestConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.json.bind.Jsonb;
import java.util.List;

/**
 * Puts the filters and fault handlers of the whole listener, and all administrative addresses, onto a routing: the MP
 * server's, or that of a plain web server. The services of the data path are registered by the caller before this.
 */
public final class AdminRoutes {
    private final AdminServices services;
    private final RestConfig config;
    private final RequestIds requestIds;
    private final List<HealthService.Check> checks;
    private final PrometheusMeterRegistry metrics;

    public AdminRoutes(
            AdminServices services,
            RestConfig config,
            RequestIds requestIds,
            List<HealthService.Check> checks,
            PrometheusMeterRegistry metrics) {
        this.services = services;
        this.config = config;
        this.requestIds = requestIds;
        this.checks = List.copyOf(checks);
        this.metrics = metrics;
    }

    public void register(HttpRouting.Builder routing) {
        routing.addFilter(new RequestFilter(requestIds))
                .addFilter(new BrowserGuard(config.allowedHosts(), config.allowedOrigins(), services.problems()))
                .addFilter(new MetadataIndexFilter(services.images(), services.problems(), config.metadataWaitMs()));
        new FaultHandlers(services.problems(), requestIds, services.contract()).register(routing);
        Jsonb jsonb = AdminApplication.jsonb();
        routing.register("/", new LandingService(services.nodeId(), services.version()))
                .register("/health", new HealthService(checks))
                .register("/metrics", new MetricsService(metrics))
                .register("/problems", new ProblemsService(jsonb))
                .register("/openapi/ui", new ApiPageService())
                .register(
                        "/api/v1",
                        JaxRsService.create(Config.empty(), AdminApplication.create(services, requestIds, jsonb)));
    }
}
