package io.jofka.node.boot;

import io.jofka.node.rest.admin.HealthService.Check;
import io.jofka.node.rest.admin.HealthService.Finding;
import io.jofka.node.rest.admin.HealthService.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the health addresses tell: started and ready from opening to closing, live until a fault. Thread-safe. */
final class NodeHealth {
    private static final System.Logger LOGGER = System.getLogger(NodeHealth.class.getName());

    private volatile boolean open;
    private volatile boolean started;
    private volatile @Nullable Throwable fault;

    void opened() {
        started = true;
        open = true;
    }

    /** True from the first opening on. */
    boolean isStarted() {
        return started;
    }

    void closing() {
        open = false;
    }

    /** A bug or a dead engine: the node goes on answering, is not live any more, and should be restarted. */
    void unhealthy(Throwable cause) {
        LOGGER.log(System.Logger.Level.ERROR, "this node has a fault and should be restarted", cause);
        if (fault == null) {
            fault = cause;
        }
    }

    @Nullable
    Throwable fault() {
        return fault;
    }

    List<Check> checks() {
        return List.of(
                new Check(Kind.STARTED, "started", () -> new Finding(started, Map.of())),
                new Check(Kind.READY, "listeners", () -> new Finding(open && fault == null, Map.of())),
                new Check(Kind.LIVE, "node", () -> new Finding(fault == null, Map.of())));
    }
}
