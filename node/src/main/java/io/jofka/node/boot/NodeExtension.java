package io.jofka.node.boot;

import io.helidon.microprofile.server.ServerBuilderAccess;
import io.helidon.microprofile.server.ServerCdiExtension;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.interceptor.Interceptor;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Ties the node to the life of the MicroProfile container: built before the HTTP server, opened after it is bound. */
public class NodeExtension implements Extension {
    private static final System.Logger LOGGER = System.getLogger(NodeExtension.class.getName());

    private @Nullable Settings settings;
    private @Nullable NodeCore core;

    void build(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) @Initialized(ApplicationScoped.class)
                    Object event,
            BeanManager beans) {
        Settings read = SettingsSources.read(ConfigProvider.getConfig());
        if (!NodeConfigs.loopback(read) && !read.flag("jofka.security.allow-anonymous")) {
            throw new StartFailure(
                    "server.address=" + read.text("server.address") + " is reachable from other machines and callers"
                            + " are not authenticated. Bind to 127.0.0.1, or say that you mean it with"
                            + " jofka.security.allow-anonymous=true.",
                    null);
        }
        LOGGER.log(
                System.Logger.Level.INFO,
                "Jofka {0}, data in {1}, settings that differ from the defaults: {2}",
                Version.text(),
                read.path("jofka.data-dir"),
                read.changed().isEmpty() ? "none" : String.join(", ", read.changed()));
        settings = read;
        NodeCore built = build(read);
        core = built;
        ServerCdiExtension server = beans.getExtension(ServerCdiExtension.class);
        built.customise(ServerBuilderAccess.of(server));
        built.routes(server.serverRoutingBuilder());
    }

    private static NodeCore build(Settings settings) {
        try {
            return new NodeCore(settings);
        } catch (StartFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    void open(
            @Observes @Priority(Interceptor.Priority.PLATFORM_AFTER + 1000) @Initialized(ApplicationScoped.class)
                    Object event,
            BeanManager beans) {
        NodeCore built = core;
        Settings read = settings;
        if (built == null || read == null) {
            throw new IllegalStateException("the container opened before it was built");
        }
        int restPort = beans.getExtension(ServerCdiExtension.class).port();
        int kafkaPort = built.open(restPort);
        long tookMs = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        String host = NodeConfigs.advertisedHost(read);
        System.out.printf(
                Locale.ROOT,
                "ready rest=http://%s:%d kafka=%s:%d in %.2f s; API page http://%s:%d/openapi/ui%n",
                host,
                restPort,
                host,
                kafkaPort,
                tookMs / 1000.0,
                host,
                restPort);
        System.out.flush();
        if (read.flag("jofka.boot.train")) {
            Thread.ofPlatform().name("jofka-train").start(new Training(restPort));
        }
    }

    void close(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        NodeCore built = core;
        if (built != null) {
            built.close();
        }
    }
}
