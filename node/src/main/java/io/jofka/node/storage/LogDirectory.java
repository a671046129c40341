package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFullException;
import io.jofka.node.common.Events;
import io.jofka.node.common.Seed;
import io.jofka.node.common.TopicPartition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One directory with the logs of many partitions, of which one process at a time is the owner. Opens, creates and lists
 * logs, forces them in groups, writes the checkpoint, and goes offline for good when a write or force fails: from then
 * on every change throws {@link StorageFailure} of scope DIRECTORY; reads go on.
 *
 * <p>Thread-safe. Opening costs nothing per log after a clean stop; after a crash each log is recovered when opened.
 * How files are laid out and what recovery decides is in docs/log-files.md.
 */
public final class LogDirectory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectory.class.getName());

    private final LogContext context;
    private final Events events;
    private final DirectoryMeta meta;
    private final Closeable lock;
    private final ForcePool pool;
    private final boolean clean;
    private final List<TopicPartition> missing;
    private final @Nullable Thread timer;
    private final Object checkpointLock = new Object();

    /** States of logs that were not opened yet. */
    @GuardedBy("this")
    private final Map<TopicPartition, LogState> unopened;

    /** Logs found on the disk or in the checkpoint and not opened yet. */
    @GuardedBy("this")
    private final Set<TopicPartition> known;

    /** Opened by this process, closed ones too: the last checkpoint needs them. */
    @GuardedBy("this")
    private final Map<TopicPartition, SegmentLog> opened = new HashMap<>();

    @GuardedBy("checkpointLock")
    private final CheckpointWriter checkpoints;

    @GuardedBy("this")
    private boolean changed = true;

    @GuardedBy("this")
    private boolean closing;

    private LogDirectory(
            LogContext context,
            Events events,
            DirectoryMeta meta,
            Closeable lock,
            ForcePool pool,
            Inventory inventory) {
        this.context = context;
        this.events = events;
        this.meta = meta;
        this.lock = lock;
        this.pool = pool;
        this.clean = inventory.clean();
        this.missing = List.copyOf(inventory.missing());
        this.unopened = inventory.states();
        this.known = inventory.partitions();
        this.checkpoints = new CheckpointWriter(context, inventory.checkpointNumber());
        long every = context.config().checkpointMs();
        this.timer = every == 0
                ? null
                : Thread.ofPlatform().name("log-checkpoint").daemon(true).unstarted(() -> tick(every));
    }

    /**
     * Takes the directory, creating it when absent.
     *
     * @param clusterId to whom the directory belongs; another cluster's is refused
     * @throws StorageFailure DIRECTORY with a sentence for the operator: locked by another process, foreign, newer
     *     format, or unreadable
     */
    public static LogDirectory open(
            Path root,
            String clusterId,
            Disk disk,
            Clock clock,
            Seed seed,
            Events events,
            MeterRegistry registry,
            StorageConfig config) {
        Closeable lock = null;
        try {
            createDurably(disk, root);
            lock = disk.lock(root.resolve("lock"));
            DirectoryMeta meta = DirectoryMeta.claim(disk, root, clusterId, seed);
            Inventory inventory = Inventory.take(disk, root);
            ForcePool pool = new ForcePool(config.forceThreads(), "log");
            LogContext context = LogContext.of(root, disk, clock, events, registry, config, pool::later);
            LogDirectory directory = new LogDirectory(context, events, meta, lock, pool, inventory);
            directory.start(registry);
            return directory;
        } catch (IOException failure) {
            release(lock);
            throw new StorageFailure(
                    StorageFailure.Scope.DIRECTORY,
                    "Cannot use log directory " + root + ": " + failure.getMessage(),
                    failure);
        } catch (RuntimeException failure) {
            release(lock);
            throw failure;
        }
    }

    /** A directory whose name its parent may forget in a power cut would take all logs with it. */
    private static void createDurably(Disk disk, Path root) throws IOException {
        List<Path> parents = new ArrayList<>();
        for (Path made = root; made != null && !disk.exists(made); made = made.getParent()) {
            Path parent = made.toAbsolutePath().getParent();
            if (parent != null) {
                parents.add(parent);
            }
        }
        disk.createDirectories(root);
        for (Path parent : parents) {
            disk.forceDirectory(parent);
        }
    }

    private static void release(@Nullable Closeable lock) {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException failure) {
                LOG.log(System.Logger.Level.WARNING, "lock of a log directory", failure);
            }
        }
    }

    private void start(MeterRegistry registry) {
        Gauge.builder(
                        "jofka.log.directory.offline",
                        this,
                        self -> self.offline().isPresent() ? 1 : 0)
                .description("1 when the log directory is offline after a failed write")
                .register(registry);
        Gauge.builder("jofka.log.files.open", context.files(), FileCache::openFiles)
                .description("Segment files open")
                .register(registry);
        if (timer != null) {
            timer.start();
        }
    }

    /** The id of this directory, made when it was first used. */
    public UUID directoryId() {
        return meta.directoryId();
    }

    /** Whether the last owner closed it, so that nothing had to be looked for. */
    public boolean wasClean() {
        return clean;
    }

    /** Why it is offline, if it is. */
    public Optional<StorageFailure> offline() {
        return context.health().failure();
    }

    /** All logs that are there, opened or not. */
    public synchronized Set<TopicPartition> list() {
        Set<TopicPartition> all = new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
        all.addAll(known);
        opened.forEach((partition, log) -> {
            if (!log.body().deleted) {
                all.add(partition);
            }
        });
        return all;
    }

    /** Whether the log is there, open or not. */
    public synchronized boolean contains(TopicPartition partition) {
        SegmentLog log = opened.get(partition);
        return log == null ? known.contains(partition) : !log.body().deleted;
    }

    /** Removes a log that is not open, also one that cannot be opened. */
    public void removeLog(TopicPartition partition) {
        context.health().requireOnline();
        synchronized (this) {
            requireNotOpen(partition);
            known.remove(partition);
            unopened.remove(partition);
            opened.remove(partition);
            changed = true;
        }
        Closing.removeFiles(new LogPaths(context, partition));
    }

    /** Bytes that can still be written. */
    public long usableBytes() {
        try {
            return context.disk().usableBytes(context.root());
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable("the space of " + context.root(), failure);
        }
    }

    /** Size of the file system. */
    public long totalBytes() {
        try {
            return context.disk().totalBytes(context.root());
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable("the size of " + context.root(), failure);
        }
    }

    public Path path() {
        return context.root();
    }

    /** Logs that the checkpoint knew before a crash and that are not on the disk: deleted just before, or lost. */
    public List<TopicPartition> missing() {
        return missing;
    }

    /**
     * Opens a log that {@link #list} names, also one that this process has closed.
     *
     * @throws StorageFailure PARTITION when it cannot be read
     */
    public Log openLog(TopicPartition partition, LogConfig config) {
        LogState state;
        boolean trusted;
        long cutNoted = Long.MAX_VALUE;
        synchronized (this) {
            requireNotOpen(partition);
            SegmentLog before = opened.get(partition);
            if (before != null && !before.body().deleted) {
                state = LogState.of(before.body(), true);
                trusted = offline().isEmpty();
                cutNoted = before.body().cutNoted;
            } else if (known.contains(partition)) {
                state = unopened.get(partition);
                trusted = clean;
            } else {
                throw DirectoryHealth.damaged("There is no log " + partition + " in " + context.root());
            }
        }
        LogPaths paths = new LogPaths(context, partition);
        SegmentLog log = trusted && state != null && state.clean()
                ? SegmentLog.fromState(paths, config, state)
                : new LogRecovery(paths, config, state).recover();
        log.body().cutNoted = Math.min(cutNoted, log.body().cutNoted);
        tell(log);
        adopt(partition, log);
        return log;
    }

    /** Creates a log without records; durable with its first force. FULL when there is no space. */
    public Log createLog(TopicPartition partition, LogConfig config) {
        context.health().requireOnline();
        synchronized (this) {
            requireNotOpen(partition);
            if (contains(partition)) {
                throw new IllegalStateException("log " + partition + " exists");
            }
        }
        LogPaths paths = new LogPaths(context, partition);
        try {
            context.disk().createDirectories(paths.directory());
        } catch (IOException failure) {
            throw paths.writeFailed("creation of a log", failure);
        }
        SegmentLog log = SegmentLog.create(paths, config);
        adopt(partition, log);
        return log;
    }

    @GuardedBy("this")
    private void requireNotOpen(TopicPartition partition) {
        if (closing) {
            throw new IllegalStateException("the log directory is closing");
        }
        SegmentLog old = opened.get(partition);
        if (old != null && !old.body().closed) {
            throw new IllegalStateException("log " + partition + " is open");
        }
    }

    private synchronized void adopt(TopicPartition partition, SegmentLog log) {
        requireNotOpen(partition);
        opened.put(partition, log);
        unopened.remove(partition);
        known.remove(partition);
        changed = true;
    }

    private void tell(SegmentLog log) {
        Log.RecoveryReport report = log.recovery();
        if (report.damagedAt() >= 0 || report.cutBytes() > 0) {
            String sentence = report.damagedAt() >= 0
                    ? "A log is damaged and takes no records until it is repaired"
                    : "The torn end of a log was cut after a crash";
            LOG.log(System.Logger.Level.WARNING, sentence + ": " + log.partition() + ", " + report);
            events.publish(
                    report.damagedAt() >= 0 ? "log.damaged" : "log.tail-cut",
                    sentence,
                    Map.of(
                            "partition", log.partition().toString(),
                            "cutBytes", report.cutBytes(),
                            "damagedAt", report.damagedAt(),
                            "detail", report.detail()));
        }
    }

    /**
     * Done when everything appended to the log before the call is durable: with the offset below which that is so, or
     * with the {@link StorageFailure}. Calls that come while a force of the log is running share the next one. The
     * future is shared: do not complete it; what hangs on it runs on a force thread and must be short.
     */
    public CompletableFuture<Long> forceSoon(Log log) {
        return pool.forceSoon(own(log));
    }

    private static SegmentLog own(Log log) {
        if (log instanceof SegmentLog segmentLog) {
            return segmentLog;
        }
        throw new IllegalArgumentException("not a log of a log directory");
    }

    // ---------------------------------------------------------------- checkpoint

    private void tick(long everyMs) {
        while (true) {
            synchronized (this) {
                if (closing) {
                    return;
                }
                try {
                    wait(everyMs);
                } catch (InterruptedException ignored) {
                    // only close() ends this thread
                    continue;
                }
                if (closing) {
                    return;
                }
            }
            try {
                flushOld();
                checkpoint();
            } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.WARNING, "checkpoint of " + context.root(), failure);
            }
        }
    }

    /** Forces logs whose oldest unforced byte is older than {@code flushMs}; bounds what recovery has to read. */
    private void flushOld() {
        long oldest = context.clock().nanos() - context.config().flushMs() * 1_000_000;
        for (SegmentLog log : openLogs()) {
            long since = log.body().unforcedSinceNanos;
            if (since != 0 && since - oldest < 0 && !log.body().closed) {
                var _ = pool.forceSoon(log);
            }
        }
    }

    private synchronized List<SegmentLog> openLogs() {
        opened.values().removeIf(log -> log.body().deleted);
        return new ArrayList<>(opened.values());
    }

    /** Writes the checkpoint if anything changed since the last one; a full disk only puts it off. */
    public void checkpoint() {
        synchronized (checkpointLock) {
            List<SegmentLog> logs = openLogs();
            boolean due;
            synchronized (this) {
                due = changed;
                changed = false;
            }
            for (SegmentLog log : logs) {
                due |= log.body().changed;
            }
            if (due && offline().isEmpty()) {
                try {
                    write(logs, false);
                } catch (DiskFullException full) {
                    markChanged();
                    LOG.log(System.Logger.Level.WARNING, "no space for the checkpoint of " + context.root());
                } catch (IOException failure) {
                    throw context.health().broken("checkpoint", failure);
                }
            }
        }
    }

    private synchronized void markChanged() {
        changed = true;
    }

    @GuardedBy("checkpointLock")
    private void write(List<SegmentLog> logs, boolean last) throws IOException {
        List<LogState> others = new ArrayList<>();
        synchronized (this) {
            unopened.values().forEach(state -> others.add(clean ? state : state.uncertain()));
        }
        checkpoints.write(others, logs, last);
    }

    /** Closes all logs, writes the last checkpoint and the mark of a clean stop, and lets the directory go. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            notifyAll();
        }
        join();
        List<SegmentLog> logs = openLogs();
        List<CompletableFuture<Long>> forces = new ArrayList<>();
        for (SegmentLog log : logs) {
            if (!log.body().closed && log.body().unforcedSinceNanos != 0) {
                forces.add(pool.forceSoon(log));
            }
        }
        // failures show in the logs' own close below
        forces.forEach(force -> force.handle((offset, failure) -> offset).join());
        pool.close();
        try {
            closeLogs(logs);
        } finally {
            release(lock);
        }
    }

    private void closeLogs(List<SegmentLog> logs) {
        if (offline().isPresent()) {
            return;
        }
        logs.forEach(SegmentLog::close);
        synchronized (checkpointLock) {
            try {
                write(logs, true);
                checkpoints.markClean();
            } catch (DiskFullException full) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "no space to mark " + context.root() + " clean; the next start recovers");
            } catch (IOException failure) {
                throw context.health().broken("last checkpoint", failure);
            }
        }
    }

    private void join() {
        Thread running = timer;
        if (running == null) {
            return;
        }
        try {
            running.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
