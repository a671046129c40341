package io.jofka.node.broker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches for all followers of this node: one virtual thread for each leader, one request for all partitions that it
 * leads. The next request is the acknowledgement of what was appended, so where acknowledgements are forced it goes out
 * after the forces. Thread-safe.
 */
final class ReplicaFetchers {
    private static final System.Logger LOG = System.getLogger(ReplicaFetchers.class.getName());
    private static final int WAIT_MS = 500;
    private static final int TIMEOUT_MS = 3_000;
    private static final int FIRST_PAUSE_MS = 20;
    private static final int LAST_PAUSE_MS = 500;

    private final Followers followers;
    private final ForceQueue forces;
    private final Net net;
    private final Clock clock;
    private final ReplicaThrottle throttle = new ReplicaThrottle();
    private final Map<Integer, Thread> threads = new ConcurrentHashMap<>();
    private volatile CompletableFuture<@Nullable Void> news = new CompletableFuture<>();
    private volatile boolean stopped;

    ReplicaFetchers(Followers followers, ForceQueue forces, Net net, Clock clock) {
        this.clock = clock;
        this.followers = followers;
        this.forces = forces;
        this.net = net;
    }

    /** Bytes a second for all replicas that are being moved to this node. */
    void limit(long bytesPerSecond) {
        if (throttle.limit(bytesPerSecond, clock.nanos())) {
            changed();
        }
    }

    /** Looks at the followers anew: a call that waits is given up, since it may lack a partition. */
    void changed() {
        CompletableFuture<@Nullable Void> before = news;
        news = new CompletableFuture<>();
        before.complete(null);
        for (FollowerReplica replica : followers.all()) {
            int leader = replica.leader();
            if (leader >= 0 && !stopped) {
                threads.computeIfAbsent(
                        leader,
                        node -> Thread.ofVirtual()
                                .name("jofka-replica-fetch-" + node)
                                .start(() -> run(node)));
            }
        }
    }

    void stop() {
        stopped = true;
        news.complete(null);
        threads.values().forEach(Thread::interrupt);
    }

    private void run(int leader) {
        int pauseMs = FIRST_PAUSE_MS;
        int turn = 0;
        try {
            while (!stopped) {
                CompletableFuture<@Nullable Void> changed = news;
                ReplicaRound asked = ReplicaRound.with(leader, followers, throttle.available(clock.nanos()), turn++);
                if (asked.isEmpty()) {
                    await(changed, pauseForArriving());
                } else if (round(leader, asked, changed)) {
                    pauseMs = FIRST_PAUSE_MS;
                } else {
                    await(changed, pauseMs);
                    pauseMs = Math.min(LAST_PAUSE_MS, 2 * pauseMs);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CompletableFuture<?> future, int ms) throws InterruptedException {
        try {
            future.get(ms, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // whoever waits looks for itself
        }
    }

    /** A call that waits for news must not outlast what the throttle makes others wait for. */
    private int pauseForArriving() {
        long waitMs = throttle.waitMs(clock.nanos());
        return waitMs == 0 ? LAST_PAUSE_MS : Math.clamp(waitMs, 1, LAST_PAUSE_MS);
    }

    /** One request; false when a pause should follow. */
    private boolean round(int leader, ReplicaRound asked, CompletableFuture<?> changed) throws InterruptedException {
        byte[] request = asked.request(Math.min(WAIT_MS, pauseForArriving()));
        CompletableFuture<byte[]> call = net.call(leader, Net.Call.REPLICA, request, WAIT_MS + TIMEOUT_MS);
        await(CompletableFuture.anyOf(call, changed), WAIT_MS + 2 * TIMEOUT_MS);
        if (!call.isDone()) {
            return true;
        }
        try {
            ReplicaRound.Taken taken = asked.take(call.join(), forces);
            throttle.took(taken.arrivedBytes(), clock.nanos());
            taken.forced().join();
            return taken.good();
        } catch (CompletionException e) {
            LOG.log(System.Logger.Level.DEBUG, "node {0} cannot be fetched from: {1}", leader, e.getMessage());
            return false;
        } catch (InvalidProtocolBufferException e) {
            LOG.log(System.Logger.Level.WARNING, "node " + leader + " answered what cannot be read", e);
            return false;
        }
    }
}
