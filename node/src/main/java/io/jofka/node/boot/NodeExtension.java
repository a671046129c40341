package io.jofka.node.boot;

import io.helidon.microprofile.cdi.RuntimeStart;
import io.helidon.microprofile.server.ServerCdiExtension;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.interceptor.Interceptor;

/** Ties the node to the life of the MicroProfile container: built before the HTTP server, opened after it. */
public class NodeExtension implements Extension {
    void build(@Observes @RuntimeStart Object config) {
        System.err.println("RUNTIME START " + config.getClass());
    }

    void open(
            @Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) @Initialized(ApplicationScoped.class)
                    Object event,
            BeanManager beans) {
        ServerCdiExtension server = beans.getExtension(ServerCdiExtension.class);
        System.err.println("ready " + server.port() + " ms "
                + (System.currentTimeMillis()
                        - java.lang.management.ManagementFactory.getRuntimeMXBean()
                                .getStartTime()));
    }
}
