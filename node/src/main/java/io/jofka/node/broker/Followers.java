package io.jofka.node.broker;

import io.jofka.node.common.Events;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.storage.StorageFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The replicas on this node that follow. Thread-safe; work on files is left to the opener threads. */
final class Followers {
    private static final System.Logger LOG = System.getLogger(Followers.class.getName());

    private final LogStore store;
    private final PartitionOpener opener;
    private final Executor openers;
    private final Events events;
    private final Consumer<Throwable> bugs;
    private final Map<TopicPartition, FollowerReplica> replicas = new ConcurrentHashMap<>();
    private final Map<TopicPartition, List<HandedOver>> expected = new ConcurrentHashMap<>();
    private volatile Runnable news = () -> {};

    Followers(LogStore store, PartitionOpener opener, Executor openers, Events events, Consumer<Throwable> bugs) {
        this.store = store;
        this.opener = opener;
        this.openers = openers;
        this.events = events;
        this.bugs = bugs;
    }

    /** Told whenever there may be something else to fetch. */
    void onNews(Runnable listener) {
        news = listener;
    }

    Collection<FollowerReplica> all() {
        return replicas.values();
    }

    @Nullable
    FollowerReplica get(TopicPartition partition) {
        return replicas.get(partition);
    }

    /** Follows the leader that the image names, from now on. */
    void follow(TopicPartition partition, PartitionImage image, PartitionSettings settings) {
        FollowerReplica here = replicas.get(partition);
        if (here != null) {
            boolean moved = here.leaderEpoch() != image.leaderEpoch();
            here.update(image, settings);
            if (moved) {
                news.run();
            }
            return;
        }
        FollowerReplica added = new FollowerReplica(partition, image, settings, opener);
        List<HandedOver> appends = expected.remove(partition);
        if (appends != null) {
            added.adopt(appends);
        }
        replicas.put(partition, added);
        openers.execute(() -> {
            work(added, () -> added.open(store));
            news.run();
        });
    }

    /** Appends that wait for what becomes of them, for the follower that is made next. */
    void expect(TopicPartition partition, List<HandedOver> appends) {
        if (!appends.isEmpty()) {
            expected.put(partition, appends);
        }
    }

    /** No follower was made: nobody will know what becomes of them. */
    void forgetExpected(TopicPartition partition) {
        List<HandedOver> left = expected.remove(partition);
        if (left != null) {
            left.forEach(HandedOver::unknown);
        }
    }

    /** Whether callers of a former leader still wait here. */
    boolean someWait() {
        return replicas.values().stream().anyMatch(FollowerReplica::someWait);
    }

    private void work(FollowerReplica replica, Runnable work) {
        try {
            work.run();
        } catch (StorageFailure e) {
            failed(replica, e);
        } catch (RuntimeException e) {
            replica.fail("The replica stopped after an internal fault: " + e.getMessage());
            bugs.accept(e);
        }
    }

    /** The replica follows no more: a fault of its storage. */
    void failed(FollowerReplica replica, RuntimeException fault) {
        String why = "The replica is offline: " + fault.getMessage();
        replica.fail(why);
        LOG.log(System.Logger.Level.ERROR, "Replica " + replica.partition() + " is offline", fault);
        events.publish(
                "partition.offline",
                "The replica of " + replica.partition() + " on this node is offline: " + fault.getMessage(),
                Map.of("partition", replica.partition().toString(), "reason", String.valueOf(fault.getMessage())));
    }

    /** Closes the replica, which may lead, or be gone, after {@code closed} was called with its high watermark. */
    void release(FollowerReplica replica, boolean delete, Consumer<Long> closed) {
        openers.execute(() -> {
            work(replica, () -> {
                if (delete) {
                    replica.delete(store);
                } else {
                    replica.close();
                }
            });
            replicas.remove(replica.partition(), replica);
            closed.accept(replica.highWatermark());
        });
    }

    void removed(UUID topic) {
        for (FollowerReplica replica : List.copyOf(replicas.values())) {
            if (replica.partition().topicId().equals(topic)) {
                release(replica, true, hw -> {});
            }
        }
    }

    void failAll(String why) {
        replicas.values().forEach(replica -> replica.fail(why));
    }

    CompletableFuture<Void> close() {
        return CompletableFuture.allOf(replicas.values().stream()
                .map(replica -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    release(replica, false, hw -> done.complete(null));
                    return done;
                })
                .toArray(CompletableFuture[]::new));
    }
}
