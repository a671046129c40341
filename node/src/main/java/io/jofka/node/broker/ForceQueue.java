package io.jofka.node.broker;

import io.jofka.node.storage.Log;
import java.util.concurrent.CompletableFuture;

/** Where forces of a log directory run: a few platform threads, since a force holds its thread. Thread-safe. */
@FunctionalInterface
public interface ForceQueue {
    /**
     * Calls {@link Log#force} soon. The future has the offset below which all survives a power cut, or fails with a
     * {@code StorageFailure}. A partition asks for one force at a time.
     */
    CompletableFuture<Long> forceSoon(Log log);
}
