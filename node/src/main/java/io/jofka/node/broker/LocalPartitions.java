package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.PartitionLookup.Found;
import io.jofka.node.common.Events;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.storage.StorageFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this node leads or follows, as the newest image has them: opens, reconfigures, closes and deletes
 * their logs.
 * Files are removed only after a committed removal of the topic was seen; directories of topics that the first image does
 * not know are kept and reported, since a damaged or lost image must not destroy data.
 *
 * <p>{@link #find} is thread-safe; {@link #changed} is called by one thread, in the order of the images, and leaves all
 * work on files to the opener threads.
 */
final class LocalPartitions implements PartitionLookup, Images.Listener {
    private static final Logger LOG = System.getLogger(LocalPartitions.class.getName());

    private final int self;
    private final LogStore store;
    private final Images images;
    private final EffectiveConfigs configs;
    private final PartitionOpener opener;
    private final Executor openers;
    private final Followers followers;
    private final Events events;
    private final Consumer<Throwable> bugs;
    private final Map<TopicPartition, HostedPartition> hosted = new ConcurrentHashMap<>();
    private final Set<TopicPartition> strays = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ClusterImage image;
    private volatile boolean stopped;

    LocalPartitions(
            int self,
            LogStore store,
            Images images,
            EffectiveConfigs configs,
            PartitionOpener opener,
            Executor openers,
            Followers followers,
            Events events,
            Consumer<Throwable> bugs) {
        this.self = self;
        this.store = store;
        this.images = images;
        this.configs = configs;
        this.opener = opener;
        this.openers = openers;
        this.followers = followers;
        this.events = events;
        this.bugs = bugs;
    }

    @Override
    public Found find(TopicPartition partition) {
        HostedPartition here = hosted.get(partition);
        return here == null ? notHosted(partition) : here.found();
    }

    private Found notHosted(TopicPartition partition) {
        if (stopped) {
            return new Found.NotHere(Fault.SHUTTING_DOWN, "The node is shutting down.");
        }
        // the newest image, which may be ahead of the one that was handed to this listener
        Optional<TopicImage> topic = images.current().topic(partition.topicId());
        if (topic.isEmpty()) {
            return new Found.NotHere(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic " + partition.topicId() + ".");
        }
        String name = "Partition " + partition.partition() + " of topic "
                + topic.get().name();
        if (partition.partition() >= topic.get().partitions().size()) {
            return new Found.NotHere(Fault.UNKNOWN_TOPIC_OR_PARTITION, name + " does not exist.");
        }
        int leader = topic.get().partitions().get(partition.partition()).leader();
        if (leader == self) {
            return new Found.NotHere(Fault.LEADER_NOT_AVAILABLE, name + " is about to be opened.");
        }
        return leader < 0
                ? new Found.NotHere(Fault.LEADER_NOT_AVAILABLE, name + " has no leader at the moment.")
                : new Found.NotHere(Fault.NOT_LEADER, "Node " + leader + " leads " + name + ".");
    }

    Collection<HostedPartition> hosted() {
        return hosted.values();
    }

    Optional<HostedPartition> hosted(TopicPartition partition) {
        return Optional.ofNullable(hosted.get(partition));
    }

    long offlineCount() {
        return hosted.values().stream().filter(HostedPartition::isOffline).count();
    }

    /** Directories that belong to no topic of the first image. */
    Set<TopicPartition> strays() {
        return Set.copyOf(strays);
    }

    @Override
    public void changed(ClusterImage before, ClusterImage after) {
        boolean first = image == null;
        image = after;
        if (stopped) {
            return;
        }
        Map<Map<String, String>, PartitionSettings> settings = new HashMap<>();
        Optional<Set<UUID>> changed =
                first || nodeConfigsChanged(before, after) ? Optional.empty() : after.changedTopics(before);
        if (changed.isPresent()) {
            for (UUID id : changed.get()) {
                after.topic(id).ifPresentOrElse(topic -> apply(after, topic, settings), () -> removed(id));
            }
        } else {
            changedInMany(after, settings);
        }
        if (first) {
            reportStrays(after);
        }
    }

    private void changedInMany(ClusterImage after, Map<Map<String, String>, PartitionSettings> settings) {
        Set<UUID> gone = new HashSet<>();
        hosted.keySet().forEach(p -> gone.add(p.topicId()));
        followers.all().forEach(replica -> gone.add(replica.partition().topicId()));
        for (TopicImage topic : after.topics()) {
            gone.remove(topic.id());
            apply(after, topic, settings);
        }
        gone.forEach(this::removed);
    }

    private boolean nodeConfigsChanged(ClusterImage before, ClusterImage after) {
        String id = Integer.toString(self);
        return !before.nodeConfigs("").equals(after.nodeConfigs(""))
                || !before.nodeConfigs(id).equals(after.nodeConfigs(id));
    }

    private void apply(ClusterImage after, TopicImage topic, Map<Map<String, String>, PartitionSettings> cache) {
        PartitionSettings settings = cache.computeIfAbsent(
                topic.configs(),
                own -> PartitionSettings.of(
                        configs.settings(after, own), opener.config().producerExpiryMs()));
        for (PartitionImage partition : topic.partitions()) {
            settle(new TopicPartition(topic.id(), partition.partition()), partition, settings, 0);
        }
    }

    /**
     * Gives a partition the role that the image says. Where it has another one the log is closed first and this is called
     * again, so that a log is never opened twice at a time. What follows a close runs on an opener's thread: who completes
     * it may hold the lock of the partition, which is taken after the one of this object elsewhere.
     */
    private synchronized void settle(
            TopicPartition id, PartitionImage partition, PartitionSettings settings, long highWatermark) {
        HostedPartition here = hosted.get(id);
        FollowerReplica follower = followers.get(id);
        if (here != null) {
            if (partition.leader() == self) {
                here.update(partition, settings);
            } else {
                var _ = here.close(Fault.NOT_LEADER, "Node " + partition.leader() + " leads the partition.")
                        .whenCompleteAsync(
                                (v, e) -> {
                                    removeIfMovedAway(id);
                                    PartitionLoop loop = here.loop();
                                    // before anybody can follow: a follower that has cut its log knows them no more
                                    followers.expect(id, loop == null ? List.of() : loop.handedOver());
                                    hosted.remove(id, here);
                                    settleNewest(id, 0);
                                    followers.forgetExpected(id);
                                },
                                openers);
            }
        } else if (follower != null) {
            if (partition.leader() == self || !partition.replicas().contains(self)) {
                followers.release(follower, partition.leader() != self, known -> settleNewest(id, known));
            } else {
                followers.follow(id, partition, settings);
            }
        } else if (partition.leader() == self) {
            host(id, partition, settings, highWatermark);
        } else if (partition.replicas().contains(self)) {
            strays.remove(id);
            followers.follow(id, partition, settings);
        }
    }

    /** A leader's log is closed because its replica was moved away, by a committed record: its files go. */
    private void removeIfMovedAway(TopicPartition id) {
        ClusterImage newest = image;
        boolean movedAway = newest != null
                && !stopped
                && newest.topic(id.topicId())
                        .filter(t -> id.partition() < t.partitions().size())
                        .filter(t ->
                                !t.partitions().get(id.partition()).replicas().contains(self))
                        .isPresent();
        if (movedAway) {
            try {
                store.remove(id);
            } catch (StorageFailure e) {
                LOG.log(Level.WARNING, "The files of " + id + ", which was moved away, stay", e);
            }
        }
    }

    private synchronized void settleNewest(TopicPartition id, long highWatermark) {
        ClusterImage newest = image;
        if (newest != null && !stopped) {
            newest.topic(id.topicId())
                    .filter(t -> id.partition() < t.partitions().size())
                    .ifPresent(t -> settle(
                            id,
                            t.partitions().get(id.partition()),
                            PartitionSettings.of(
                                    configs.settings(newest, t.configs()),
                                    opener.config().producerExpiryMs()),
                            highWatermark));
        }
    }

    private void host(
            TopicPartition id, PartitionImage partition, PartitionSettings settings, long knownHighWatermark) {
        HostedPartition added = new HostedPartition(id, partition, settings, knownHighWatermark);
        if (hosted.putIfAbsent(id, added) == null) {
            strays.remove(id);
            openers.execute(() -> open(added));
        }
    }

    private void open(HostedPartition added) {
        try {
            added.open(store, opener);
        } catch (StorageFailure e) {
            Fault fault = e.scope() == StorageFailure.Scope.FULL ? Fault.DISK_FULL : Fault.STORAGE_OFFLINE;
            added.failed(store, fault, "The partition's log cannot be opened: " + e.getMessage());
            LOG.log(Level.ERROR, "Partition " + added.partition() + " is offline: its log cannot be opened", e);
            events.publish(
                    "partition.offline",
                    "Partition " + added.partition() + " is offline: " + e.getMessage(),
                    Map.of("partition", added.partition().toString(), "reason", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            added.failed(store, Fault.INTERNAL, "The partition's log could not be opened: " + e.getMessage());
            bugs.accept(e);
        }
    }

    private synchronized void removed(UUID topic) {
        followers.removed(topic);
        for (HostedPartition partition : List.copyOf(hosted.values())) {
            if (partition.partition().topicId().equals(topic)) {
                hosted.remove(partition.partition());
                openers.execute(() -> partition.delete(store));
            }
        }
    }

    private void reportStrays(ClusterImage after) {
        for (TopicPartition stored : store.stored()) {
            boolean known = after.topic(stored.topicId())
                    .filter(t -> stored.partition() < t.partitions().size())
                    .isPresent();
            if (!known) {
                strays.add(stored);
                LOG.log(
                        Level.WARNING,
                        "The directory of {0} belongs to no topic of the metadata; it is kept. Remove it by hand if its topic"
                                + " was deleted while this node was down.",
                        stored);
                events.publish(
                        "directory.stray",
                        "The directory of " + stored + " belongs to no topic of the metadata; it is kept.",
                        Map.of("partition", stored.toString()));
            }
        }
    }

    /** Complete when every partition that is assigned now serves or is known not to. */
    CompletableFuture<Void> allOpened() {
        return CompletableFuture.allOf(
                hosted.values().stream().map(HostedPartition::opened).toArray(CompletableFuture[]::new));
    }

    /** Takes all partitions of the directory offline. */
    void failAll(Fault fault, String detail) {
        followers.failAll(detail);
        for (HostedPartition partition : hosted.values()) {
            PartitionLoop loop = partition.loop();
            if (loop != null) {
                loop.fail(fault, detail);
            }
        }
    }

    /** Stops serving, and forces and closes all logs. */
    CompletableFuture<Void> close() {
        stopped = true;
        List<CompletableFuture<?>> closing = new ArrayList<>();
        closing.add(followers.close());
        for (HostedPartition partition : hosted.values()) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            closing.add(one);
            openers.execute(() -> {
                var _ = partition
                        .close(Fault.SHUTTING_DOWN, "The node is shutting down.")
                        .whenComplete((v, e) -> one.complete(null));
            });
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }
}
