package io.jofka.node.broker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.batch.BadBatch;
import io.jofka.node.broker.replica.proto.ReplicaAnswer;
import io.jofka.node.broker.replica.proto.ReplicaAsk;
import io.jofka.node.broker.replica.proto.ReplicaPart;
import io.jofka.node.broker.replica.proto.ReplicaPosition;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
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
    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_PARTITION_BYTES = 1 << 20;
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

    /** @param arriving it is being moved here and not in sync yet: what it takes is counted */
    private record Asked(FollowerReplica replica, FollowerReplica.Position position, boolean arriving) {}

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
                List<Asked> asked = asked(leader, turn++);
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

    /** What to fetch from a leader now; of what is being moved here only as much as may be, and each in its turn. */
    private List<Asked> asked(int leader, int turn) {
        List<Asked> asked = new ArrayList<>();
        List<Asked> arriving = new ArrayList<>();
        for (FollowerReplica replica : followers.all()) {
            if (replica.leader() == leader) {
                boolean arrives = replica.isArriving();
                replica.position().ifPresent(at -> (arrives ? arriving : asked).add(new Asked(replica, at, arrives)));
            }
        }
        long available = throttle.available(clock.nanos());
        for (int i = 0; i < arriving.size() && available > 0; i++) {
            asked.add(arriving.get(Math.floorMod(turn + i, arriving.size())));
            available -= MAX_PARTITION_BYTES;
        }
        return asked;
    }

    /** A call that waits for news must not outlast what the throttle makes others wait for. */
    private int pauseForArriving() {
        long waitMs = throttle.waitMs(clock.nanos());
        return waitMs == 0 ? LAST_PAUSE_MS : Math.clamp(waitMs, 1, LAST_PAUSE_MS);
    }

    /** One request; false when a pause should follow. */
    private boolean round(int leader, List<Asked> asked, CompletableFuture<?> changed) throws InterruptedException {
        ReplicaAsk.Builder ask = ReplicaAsk.newBuilder()
                .setMaxWaitMs(Math.min(WAIT_MS, pauseForArriving()))
                .setMaxBytes(MAX_BYTES)
                .setMaxPartitionBytes(MAX_PARTITION_BYTES);
        asked.forEach(one -> ask.addPositions(position(one)));
        CompletableFuture<byte[]> call =
                net.call(leader, Net.Call.REPLICA, ask.build().toByteArray(), WAIT_MS + TIMEOUT_MS);
        await(CompletableFuture.anyOf(call, changed), WAIT_MS + 2 * TIMEOUT_MS);
        if (!call.isDone()) {
            return true;
        }
        try {
            ReplicaAnswer answer = ReplicaAnswer.parseFrom(call.join());
            if (answer.getPartsCount() != asked.size()) {
                throw new InvalidProtocolBufferException("an answer with " + answer.getPartsCount() + " parts");
            }
            return take(asked, answer);
        } catch (CompletionException e) {
            LOG.log(System.Logger.Level.DEBUG, "node {0} cannot be fetched from: {1}", leader, e.getMessage());
            return false;
        } catch (InvalidProtocolBufferException e) {
            LOG.log(System.Logger.Level.WARNING, "node " + leader + " answered what cannot be read", e);
            return false;
        }
    }

    private static ReplicaPosition position(Asked one) {
        FollowerReplica.Position at = one.position();
        return ReplicaPosition.newBuilder()
                .setTopicHigh(one.replica().partition().topicId().getMostSignificantBits())
                .setTopicLow(one.replica().partition().topicId().getLeastSignificantBits())
                .setPartition(one.replica().partition().partition())
                .setLeaderEpoch(at.leaderEpoch())
                .setOffset(at.offset())
                .setLastEpoch(at.lastEpoch())
                .build();
    }

    private boolean take(List<Asked> asked, ReplicaAnswer answer) {
        boolean refused = false;
        List<Asked> appended = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            ReplicaPart part = answer.getParts(i);
            if (one.arriving()) {
                throttle.took(part.getBatches().size(), clock.nanos());
            }
            try {
                refused |= part.getOutcomeCase() == ReplicaPart.OutcomeCase.REFUSED;
                if (take(one, part)) {
                    appended.add(one);
                }
            } catch (StorageFailure e) {
                if (e.scope() != StorageFailure.Scope.FULL) {
                    followers.failed(one.replica(), e);
                }
                refused = true;
            } catch (BadBatch e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: what the leader sent was not appended: {1}",
                        one.replica().partition(),
                        e.getMessage());
                refused = true;
            }
        }
        force(appended);
        return !refused;
    }

    /** Returns whether something was appended. */
    private static boolean take(Asked one, ReplicaPart part) {
        FollowerReplica replica = one.replica();
        return switch (part.getOutcomeCase()) {
            case BATCHES ->
                replica.append(
                        one.position(),
                        java.nio.ByteBuffer.wrap(part.getBatches().toByteArray()),
                        part.getHighWatermark(),
                        part.getLogStart());
            case DIVERGED -> {
                replica.diverged(
                        one.position(),
                        new EpochEnd(
                                part.getDiverged().getEpoch(),
                                part.getDiverged().getEndOffset()));
                yield false;
            }
            case OUT_OF_RANGE -> {
                replica.outOfRange(one.position(), part.getLogStart(), part.getLogEnd());
                yield false;
            }
            case REFUSED, OUTCOME_NOT_SET -> false;
        };
    }

    private void force(List<Asked> appended) {
        Map<FollowerReplica, CompletableFuture<Long>> running = new java.util.HashMap<>();
        for (Asked one : appended) {
            one.replica().startForce(forces).ifPresent(force -> running.put(one.replica(), force));
        }
        running.forEach((replica, force) -> {
            try {
                force.join();
            } catch (CompletionException e) {
                followers.failed(replica, e.getCause() instanceof RuntimeException cause ? cause : e);
            }
        });
    }
}
