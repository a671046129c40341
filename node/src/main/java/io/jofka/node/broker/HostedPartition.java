package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.PartitionLookup.Found;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.storage.Log;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A partition that the image gives to this node, from the moment it is assigned: being opened, served, or not servable.
 * What the image says meanwhile is remembered and applied when it is open. Thread-safe.
 */
final class HostedPartition {
    private final TopicPartition partition;
    private final CompletableFuture<Found> opened = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    private final long knownHighWatermark;
    private PartitionImage image;
    private PartitionSettings settings;
    private boolean deleted;
    private boolean closed;
    private boolean failed;
    private @Nullable PartitionLoop loop;
    private volatile Found found = new Found.Opening(opened);

    HostedPartition(
            TopicPartition partition, PartitionImage image, PartitionSettings settings, long knownHighWatermark) {
        this.knownHighWatermark = knownHighWatermark;
        this.partition = partition;
        this.image = image;
        this.settings = settings;
    }

    TopicPartition partition() {
        return partition;
    }

    Found found() {
        return found;
    }

    boolean isOffline() {
        return switch (found) {
            case Found.Here h -> h.loop().offline() != null;
            case Found.Opening o -> false;
            case Found.NotHere n -> true;
        };
    }

    /** Complete when the partition serves or is known not to. */
    CompletableFuture<Found> opened() {
        return opened;
    }

    synchronized @Nullable PartitionLoop loop() {
        return loop;
    }

    /** Opens the log; runs in an opener's thread, once. */
    void open(LogStore store, PartitionOpener opener) {
        PartitionImage asked;
        PartitionSettings with;
        synchronized (this) {
            if (deleted || closed) {
                notHere(Fault.NOT_LEADER, "The partition was taken away before it was open.");
                if (deleted) {
                    store.remove(partition);
                }
                gone.complete(null);
                return;
            }
            asked = image;
            with = settings;
        }
        Log log = store.open(partition, with.log());
        PartitionLoop made;
        try {
            made = opener.open(partition, log, asked, with, knownHighWatermark);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
        synchronized (this) {
            loop = made;
            found = new Found.Here(made);
            if (!settings.equals(with)) {
                made.configure(settings);
            }
            if (!image.equals(asked)) {
                made.reassign(image);
            }
            if (deleted || closed) {
                finish(made);
            }
        }
        opened.complete(found);
    }

    /** The log could not be opened. */
    synchronized void failed(LogStore store, Fault fault, String detail) {
        failed = true;
        notHere(fault, detail);
        if (deleted) {
            store.remove(partition);
        }
        if (deleted || closed) {
            gone.complete(null);
        }
    }

    private void notHere(Fault fault, String detail) {
        found = new Found.NotHere(fault, detail);
        opened.complete(found);
    }

    /** What the newest image says. */
    synchronized void update(PartitionImage newImage, PartitionSettings newSettings) {
        PartitionLoop now = loop;
        if (!newSettings.equals(settings)) {
            settings = newSettings;
            if (now != null) {
                now.configure(newSettings);
            }
        }
        if (!newImage.equals(image)) {
            image = newImage;
            if (now != null) {
                now.reassign(newImage);
            }
        }
    }

    /** Stops serving and closes the log. */
    synchronized CompletableFuture<@Nullable Void> close(Fault fault, String detail) {
        closed = true;
        PartitionLoop now = loop;
        if (now != null) {
            var _ = now.close(fault, detail).whenComplete((v, e) -> gone.complete(null));
        } else if (failed) {
            gone.complete(null);
        }
        return gone;
    }

    /** The topic was removed by a committed record: stops serving and removes the files. */
    synchronized void delete(LogStore store) {
        deleted = true;
        PartitionLoop now = loop;
        if (now != null) {
            finish(now);
        } else if (failed) {
            store.remove(partition);
            gone.complete(null);
        }
    }

    private void finish(PartitionLoop now) {
        var _ = (deleted ? now.delete() : now.close(Fault.NOT_LEADER, "This node does not lead the partition."))
                .whenComplete((v, e) -> gone.complete(null));
    }
}
