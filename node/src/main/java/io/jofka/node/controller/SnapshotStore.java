package io.jofka.node.controller;

import io.jofka.node.common.Clock;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.metadata.ImageRecords;
import io.jofka.node.metadata.ImageTables;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.RecordCodec;
import io.jofka.node.storage.snapshot.DamagedImage;
import io.jofka.node.storage.snapshot.H2Images;
import io.jofka.node.storage.snapshot.ImageDatabase;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes snapshots of the image in the background, and loads the newest at start. A snapshot is the engine's checkpoint,
 * which the log rests on, and then an H2 image of exactly the same index and term. At start the H2 image is read, beside
 * the opening of the log, and taken when it matches the checkpoint that the log offers; when it is missing or damaged the
 * checkpoint is, and the image is written again.
 *
 * <p>{@link #takeIfDue}, {@link #take} and {@link #applied} are for the controller's loop, {@link #load} for the engine's
 * thread; one thread of its own writes.
 */
final class SnapshotStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SnapshotStore.class.getName());

    /** Snapshots that may wait for the one that is being written. */
    private static final int MAX_WAITING = 16;

    private static final int IDLE_SECONDS = 10;

    private final MetadataLog log;
    private final H2Images images;
    private final MetadataEvents events;
    private final Clock clock;
    private final long maxBytes;
    private final long intervalNanos;
    private final ThreadPoolExecutor writer;
    private final CompletableFuture<Optional<MetadataImage>> prefetched;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final LongAdder taken = new LongAdder();

    // confined to the loop's thread
    private long bytesSince;
    private long lastNanos;

    SnapshotStore(
            MetadataLog log, H2Images images, MetadataEvents events, Clock clock, long maxBytes, long intervalMs) {
        this.log = log;
        this.images = images;
        this.events = events;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        this.lastNanos = clock.nanos();
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name("jofka-snapshot").daemon().factory());
        this.writer.allowCoreThreadTimeOut(true);
        this.prefetched = images.stored().isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(this::readNewest, writer);
    }

    long snapshotsTaken() {
        return taken.sum();
    }

    /** The image of a checkpoint: from H2 when it is there and whole, else from the checkpoint's records. */
    MetadataImage load(long index, int term, Iterator<byte[]> records) {
        if (index < 0) {
            return MetadataImage.empty();
        }
        Optional<MetadataImage> read = prefetched.join();
        if (read.isPresent()
                && read.get().index() == index
                && read.get().term() == term
                && read.get().clusterId().equals(log.clusterId())) {
            LOG.log(System.Logger.Level.INFO, "Metadata up to index {0} was loaded from its H2 image", index);
            return read.get();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "There is no usable H2 image of index {0}, term {1}; metadata is loaded from the checkpoint and the"
                        + " image is written again",
                index,
                term);
        MetadataImage image = ImageRecords.image(() -> decoded(records), index, term);
        submit(() -> writeImage(image));
        return image;
    }

    private static Iterator<MetadataRecord> decoded(Iterator<byte[]> records) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public MetadataRecord next() {
                return RecordCodec.record(records.next());
            }
        };
    }

    private Optional<MetadataImage> readNewest() {
        for (H2Images.Stored stored : images.stored()) {
            try (ImageDatabase database = images.open(stored)) {
                return Optional.of(ImageTables.read(database));
            } catch (DamagedImage | RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The H2 image {0} is not used: {1}",
                        stored.file(),
                        e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Counts what has been applied since the last snapshot. */
    void applied(long bytes) {
        bytesSince += bytes;
    }

    void takeIfDue(MetadataImage image) {
        boolean due = bytesSince >= maxBytes || (bytesSince > 0 && clock.nanos() - lastNanos >= intervalNanos);
        if (due && !busy.get()) {
            take(image, new CompletableFuture<>());
        }
    }

    /** Answers the index of the snapshot when it is on disk in both forms. */
    void take(MetadataImage image, CompletableFuture<Long> done) {
        bytesSince = 0;
        lastNanos = clock.nanos();
        busy.set(true);
        boolean accepted = submit(() -> {
            try {
                long began = clock.nanos();
                boolean fresh = image.index() >= 0 && log.snapshot(image.index(), image.term(), encoded(image));
                if (fresh
                        || (image.index() >= 0
                                && images.find(image.index(), image.term()).isEmpty())) {
                    writeImage(image);
                    taken.increment();
                    events.snapshot(image.index(), image.term(), TimeUnit.NANOSECONDS.toMillis(clock.nanos() - began));
                }
                done.complete(image.index());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "The snapshot of index " + image.index() + " failed", e);
                events.snapshotFailed(image.index(), String.valueOf(e.getMessage()));
                done.completeExceptionally(e);
            } finally {
                busy.set(false);
            }
        });
        if (!accepted) {
            busy.set(false);
            done.completeExceptionally(
                    new IllegalStateException("too many snapshots wait, or the node is shutting down"));
        }
    }

    private static Iterator<byte[]> encoded(MetadataImage image) {
        return ImageRecords.of(image).stream().map(RecordCodec::bytes).iterator();
    }

    private void writeImage(MetadataImage image) {
        images.write(ImageTables.header(image), ImageTables.tables(image));
    }

    private boolean submit(Runnable work) {
        try {
            writer.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.WARNING, "An H2 image could not be written", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Waits for a snapshot that is being written. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(30, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
