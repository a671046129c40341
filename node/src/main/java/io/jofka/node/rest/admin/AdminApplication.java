package io.jofka.node.rest.admin;

import io.jofka.node.rest.RequestIds;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyOrderStrategy;
import jakarta.ws.rs.ext.ContextResolver;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

/**
 * The administrative resources as one JAX-RS application, made of instances: several nodes fit into one process, and no
 * container injects anything.
 */
public final class AdminApplication {
    private AdminApplication() {}

    /** JSON as the contract has it: absent is null, members in the order of their names. */
    public static Jsonb jsonb() {
        return JsonbBuilder.create(new JsonbConfig()
                .withNullValues(false)
                .withPropertyOrderStrategy(PropertyOrderStrategy.LEXICOGRAPHICAL));
    }

    /** An application to be served under {@code /api/v1}. */
    public static ResourceConfig create(AdminServices services, RequestIds requestIds, Jsonb jsonb) {
        return new ResourceConfig()
                .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                .property(CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true)
                .property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true)
                .register(new TopicsResource(services))
                .register(new TopicConfigsResource(services))
                .register(new PartitionsResource(services))
                .register(new ElectionsResource(services))
                .register(new ReassignmentsResource(services))
                .register(new NodesResource(services))
                .register(new RaftResource(services))
                .register(new BodyReader(jsonb, services.config()))
                .register(new FaultMapper(services.problems(), requestIds, services.contract()))
                .register(new JsonbOf(jsonb));
    }

    /** Hands the one JSON-B instance to the provider that writes answers. */
    private static final class JsonbOf implements ContextResolver<Jsonb> {
        private final Jsonb jsonb;

        JsonbOf(Jsonb jsonb) {
            this.jsonb = jsonb;
        }

        @Override
        public Jsonb getContext(Class<?> type) {
            return jsonb;
        }
    }
}
