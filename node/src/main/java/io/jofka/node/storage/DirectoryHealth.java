package io.jofka.node.storage;

import io.jofka.node.common.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log directory may still be written. After one failed write or force nothing is known about what reached
 * the disk, and the kernel may call the next force good (A21): so the directory is offline until the process starts
 * anew. Thread-safe.
 */
final class DirectoryHealth {
    private static final System.Logger LOG = System.getLogger(DirectoryHealth.class.getName());

    private final Path root;
    private final Events events;
    private final AtomicReference<@Nullable StorageFailure> failure = new AtomicReference<>();

    DirectoryHealth(Path root, Events events) {
        this.root = root;
        this.events = events;
    }

    /** Notes a failed write, force or change of the directory; what the caller throws. */
    StorageFailure broken(String action, IOException cause) {
        StorageFailure broken =
                new StorageFailure(StorageFailure.Scope.DIRECTORY, "Log directory is offline: " + action, cause);
        if (failure.compareAndSet(null, broken)) {
            LOG.log(System.Logger.Level.ERROR, "log directory " + root + " is offline: " + action, cause);
            events.publish(
                    "log-directory.offline",
                    "A log directory is offline after a failed write",
                    Map.of("action", action, "cause", String.valueOf(cause.getMessage())));
        }
        return broken;
    }

    void requireOnline() {
        StorageFailure first = failure.get();
        if (first != null) {
            throw new StorageFailure(StorageFailure.Scope.DIRECTORY, String.valueOf(first.getMessage()), first);
        }
    }

    Optional<StorageFailure> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** A read that failed takes only the partition. */
    static StorageFailure unreadable(String what, IOException cause) {
        return new StorageFailure(StorageFailure.Scope.PARTITION, "Cannot read " + what, cause);
    }

    static StorageFailure damaged(String what) {
        return new StorageFailure(StorageFailure.Scope.PARTITION, what);
    }

    static StorageFailure full(String what, IOException cause) {
        return new StorageFailure(StorageFailure.Scope.FULL, what, cause);
    }
}
