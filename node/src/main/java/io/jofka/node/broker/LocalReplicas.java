package io.jofka.node.broker;

import io.jofka.node.broker.PartitionLookup.Found;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.StorageFailure;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Describes the partitions on this node. Thread-safe. */
final class LocalReplicas implements ReplicaDescriptions {
    private static final int ASK_TIMEOUT_MS = 5_000;

    private final LocalPartitions partitions;
    private final Followers followers;
    private final LogStore store;
    private final Clock clock;

    LocalReplicas(LocalPartitions partitions, Followers followers, LogStore store, Clock clock) {
        this.clock = clock;
        this.partitions = partitions;
        this.followers = followers;
        this.store = store;
    }

    @Override
    public Optional<Replica> replica(TopicPartition partition) {
        return partitions
                .hosted(partition)
                .map(this::describe)
                .or(() -> Optional.ofNullable(followers.get(partition)).map(LocalReplicas::describe));
    }

    @Override
    public List<Replica> replicas() {
        return Stream.concat(
                        partitions.hosted().stream().map(this::describe),
                        followers.all().stream().map(LocalReplicas::describe))
                .sorted(Comparator.comparing((Replica r) -> r.partition().topicId())
                        .thenComparingInt(r -> r.partition().partition()))
                .toList();
    }

    private Replica describe(HostedPartition hosted) {
        return switch (hosted.found()) {
            case Found.Here h -> describe(h.loop());
            case Found.Opening o -> notServing(hosted.partition(), "The partition is being opened.");
            case Found.NotHere n -> notServing(hosted.partition(), n.detail());
        };
    }

    private static Replica describe(FollowerReplica follower) {
        Log log = follower.log();
        if (log == null || !follower.offline().isEmpty()) {
            return notServing(
                    follower.partition(),
                    follower.offline().isEmpty() ? "The replica is being opened." : follower.offline());
        }
        try {
            long highWatermark = follower.highWatermark();
            return new Replica(
                    follower.partition(),
                    new PartitionOffsets(
                            log.logStartOffset(),
                            highWatermark,
                            highWatermark,
                            log.logEndOffset(),
                            follower.leaderEpoch()),
                    log.forcedOffset(),
                    log.sizeBytes(),
                    log.segments(),
                    "");
        } catch (StorageFailure e) {
            return notServing(follower.partition(), String.valueOf(e.getMessage()));
        }
    }

    private static Replica describe(PartitionLoop loop) {
        PartitionLoop.Offline why = loop.offline();
        String reason = why == null ? "" : why.detail();
        try {
            Log log = loop.log();
            return new Replica(
                    loop.partition(), loop.offsets(), log.forcedOffset(), log.sizeBytes(), log.segments(), reason);
        } catch (StorageFailure e) {
            return notServing(loop.partition(), reason.isEmpty() ? String.valueOf(e.getMessage()) : reason);
        }
    }

    private static Replica notServing(TopicPartition partition, String reason) {
        return new Replica(partition, PartitionOffsets.UNKNOWN, -1, 0, List.of(), reason);
    }

    @Override
    public List<LogDirectory> directories() {
        String reason = store.offlineReason();
        long total = 0;
        long usable = 0;
        try {
            total = store.totalBytes();
            usable = store.usableBytes();
        } catch (StorageFailure e) {
            reason = reason.isEmpty() ? String.valueOf(e.getMessage()) : reason;
        }
        return List.of(new LogDirectory(store.path(), reason.isEmpty(), reason, total, usable));
    }

    @Override
    public List<ProducerEntry> producers(TopicPartition partition) {
        if (!(partitions.find(partition) instanceof Found.Here here)) {
            return List.of();
        }
        try {
            return here.loop()
                    .ask(owner -> owner.machine().producers().entries().stream()
                            .map(LocalReplicas::shown)
                            .sorted(Comparator.comparingLong(ProducerEntry::producerId))
                            .toList())
                    .get(ASK_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    @Override
    public List<Optional<Led>> led(List<TopicPartition> asked) {
        return asked.stream().map(this::led).toList();
    }

    private Optional<Led> led(TopicPartition partition) {
        if (!(partitions.find(partition) instanceof Found.Here here)) {
            return Optional.empty();
        }
        PartitionLoop loop = here.loop();
        PartitionLoop.Offline why = loop.offline();
        long size;
        try {
            size = loop.log().sizeBytes();
        } catch (StorageFailure e) {
            size = 0;
        }
        return Optional.of(new Led(
                loop.offsets(),
                size,
                why == null ? "" : why.detail(),
                loop.followers().all(clock.nanos())));
    }

    @Override
    public CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition) {
        return CompletableFuture.completedFuture(logEnd(partition));
    }

    private Optional<LogEnd> logEnd(TopicPartition partition) {
        try {
            if (partitions.find(partition) instanceof Found.Here here) {
                Log log = here.loop().log();
                return Optional.of(new LogEnd(
                        log.logStartOffset(),
                        log.logEndOffset(),
                        log.latestEpoch(),
                        here.loop().offsets().highWatermark()));
            }
            FollowerReplica follower = followers.get(partition);
            Log log = follower == null || !follower.offline().isEmpty() ? null : follower.log();
            return follower == null || log == null
                    ? Optional.empty()
                    : Optional.of(new LogEnd(
                            log.logStartOffset(), log.logEndOffset(), log.latestEpoch(), follower.highWatermark()));
        } catch (StorageFailure e) {
            return Optional.empty();
        }
    }

    private static ProducerEntry shown(io.jofka.node.partition.ProducerEntry e) {
        return new ProducerEntry(
                e.producerId(), e.epoch(), e.lastSequence(), e.lastTimestampMs(), e.openTransactionStart());
    }
}
