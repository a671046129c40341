package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Events;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.storage.StorageFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What the partitions of a node share; tells people about failures, a full disk at most once in ten seconds. Thread-safe. */
final class BrokerSurroundings implements PartitionLoop.Surroundings {
    private static final Logger LOG = System.getLogger(BrokerSurroundings.class.getName());
    private static final long FULL_REPORT_NANOS = 10_000_000_000L;

    private final BrokerConfig config;
    private final FlatCombiner.Limits limits;
    private final Clock clock;
    private final ForceQueue forces;
    private final IsrProposals isrProposals;
    private final Events events;
    private final Consumer<Throwable> bugs;
    /** Takes the whole directory offline; set once, after construction of what it reaches. */
    private final BiConsumer<Fault, String> directoryFailed;

    private final Set<PartitionLoop> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean directoryDown = new AtomicBoolean();
    private final AtomicLong fullReportedNanos;

    /**
     * @param handOver runs what a draining thread leaves to others
     * @param bugs told of what cannot happen: the node is unhealthy
     * @param directoryFailed told once when the log directory has failed for good
     */
    BrokerSurroundings(
            BrokerConfig config,
            Executor handOver,
            Clock clock,
            ForceQueue forces,
            IsrProposals isrProposals,
            Events events,
            Consumer<Throwable> bugs,
            BiConsumer<Fault, String> directoryFailed) {
        this.config = config;
        this.limits =
                new FlatCombiner.Limits(config.queuedCommands(), config.queuedBytes(), config.drainRounds(), handOver);
        this.clock = clock;
        this.forces = forces;
        this.isrProposals = isrProposals;
        this.events = events;
        this.bugs = bugs;
        this.directoryFailed = directoryFailed;
        this.fullReportedNanos = new AtomicLong(clock.nanos() - FULL_REPORT_NANOS);
    }

    @Override
    public BrokerConfig config() {
        return config;
    }

    @Override
    public FlatCombiner.Limits limits() {
        return limits;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public ForceQueue forces() {
        return forces;
    }

    @Override
    public IsrProposals isrProposals() {
        return isrProposals;
    }

    @Override
    public void waiting(PartitionLoop loop, boolean waits) {
        if (waits) {
            waiting.add(loop);
        } else {
            waiting.remove(loop);
        }
    }

    /** Answers appends whose deadline has passed; called every few milliseconds by one thread. */
    void lookAtDeadlines() {
        if (!waiting.isEmpty()) {
            long nowNanos = clock.nanos();
            for (PartitionLoop loop : List.copyOf(waiting)) {
                loop.step(new LeaderEvent.TimePassed<>(nowNanos));
            }
        }
    }

    @Override
    public String full(TopicPartition partition, StorageFailure failure) {
        long now = clock.nanos();
        long last = fullReportedNanos.get();
        if (now - last >= FULL_REPORT_NANOS && fullReportedNanos.compareAndSet(last, now)) {
            LOG.log(Level.ERROR, "The disk is full; writes are refused until there is space", failure);
            events.publish(
                    "disk.full",
                    "The disk is full: writes are refused until there is space.",
                    Map.of("partition", partition.toString()));
        }
        return "The disk has no space left; nothing was stored. Try again when there is space.";
    }

    @Override
    public void storageFailed(TopicPartition partition, StorageFailure failure) {
        String reason = String.valueOf(failure.getMessage());
        LOG.log(Level.ERROR, "Partition " + partition + " is offline: " + reason, failure);
        events.publish(
                "partition.offline",
                "Partition " + partition + " is offline: " + reason,
                Map.of("partition", partition.toString(), "reason", reason));
        if (failure.scope() == StorageFailure.Scope.DIRECTORY && directoryDown.compareAndSet(false, true)) {
            LOG.log(Level.ERROR, "The log directory is offline until the node is restarted: {0}", reason);
            events.publish("directory.offline", "The log directory is offline: " + reason, Map.of("reason", reason));
            directoryFailed.accept(Fault.STORAGE_OFFLINE, "The log directory is offline: " + reason);
        }
    }

    @Override
    public void bug(TopicPartition partition, Throwable bug) {
        LOG.log(Level.ERROR, "Partition " + partition + " stopped after an internal fault", bug);
        events.publish(
                "partition.offline",
                "Partition " + partition + " stopped after an internal fault.",
                Map.of("partition", partition.toString(), "reason", String.valueOf(bug)));
        bugs.accept(bug);
    }
}
