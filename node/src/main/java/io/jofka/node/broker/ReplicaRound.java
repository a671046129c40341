package io.jofka.node.broker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.batch.BadBatch;
import io.jofka.node.broker.replica.proto.ReplicaAnswer;
import io.jofka.node.broker.replica.proto.ReplicaAsk;
import io.jofka.node.broker.replica.proto.ReplicaPart;
import io.jofka.node.broker.replica.proto.ReplicaPosition;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One request of this node's followers to a leader, and what is done with its answer; when it is sent, and how long is
 * waited, is the caller's. Waits for nothing. One use, in one thread.
 */
final class ReplicaRound {
    private static final System.Logger LOG = System.getLogger(ReplicaRound.class.getName());
    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_PARTITION_BYTES = 1 << 20;

    private final Followers followers;
    private final List<Asked> asked;

    /** @param arriving it is being moved here and not in sync yet: what it takes is counted */
    private record Asked(FollowerReplica replica, FollowerReplica.Position position, boolean arriving) {}

    /**
     * @param good whether the next request may follow without a pause
     * @param arrivedBytes bytes of replicas that are being moved here
     * @param forced complete when what was appended is as durable as the next request says; never fails
     */
    record Taken(boolean good, long arrivedBytes, CompletableFuture<Void> forced) {}

    private ReplicaRound(Followers followers, List<Asked> asked) {
        this.followers = followers;
        this.asked = asked;
    }

    /** Asks for every follower of this leader that can take something. */
    static ReplicaRound with(int leader, Followers followers) {
        return with(leader, followers, ReplicaThrottle.UNLIMITED, 0);
    }

    /**
     * The same, but of the replicas that are being moved here only as many as may be.
     *
     * @param available bytes that these may take; what is asked for may be more by one partition's
     * @param turn rises from round to round, so that each of them has its turn
     */
    static ReplicaRound with(int leader, Followers followers, long available, int turn) {
        List<Asked> asked = new ArrayList<>();
        List<Asked> arriving = new ArrayList<>();
        for (FollowerReplica replica : followers.all()) {
            if (replica.leader() == leader) {
                boolean arrives = replica.isArriving();
                Optional<FollowerReplica.Position> position = replica.position();
                position.ifPresent(at -> (arrives ? arriving : asked).add(new Asked(replica, at, arrives)));
            }
        }
        long left = available;
        for (int i = 0; i < arriving.size() && left > 0; i++) {
            asked.add(arriving.get(Math.floorMod(turn + i, arriving.size())));
            left -= MAX_PARTITION_BYTES;
        }
        return new ReplicaRound(followers, asked);
    }

    boolean isEmpty() {
        return asked.isEmpty();
    }

    /** @param waitMs how long the leader may wait for something to send */
    byte[] request(int waitMs) {
        ReplicaAsk.Builder ask = ReplicaAsk.newBuilder()
                .setMaxWaitMs(waitMs)
                .setMaxBytes(MAX_BYTES)
                .setMaxPartitionBytes(MAX_PARTITION_BYTES);
        asked.forEach(one -> ask.addPositions(position(one)));
        return ask.build().toByteArray();
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

    /** Appends, cuts and begins to force. */
    Taken take(byte[] bytes, ForceQueue forces) throws InvalidProtocolBufferException {
        ReplicaAnswer answer = ReplicaAnswer.parseFrom(bytes);
        if (answer.getPartsCount() != asked.size()) {
            throw new InvalidProtocolBufferException("an answer with " + answer.getPartsCount() + " parts");
        }
        boolean refused = false;
        long arrivedBytes = 0;
        List<Asked> appended = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            ReplicaPart part = answer.getParts(i);
            arrivedBytes += one.arriving() ? part.getBatches().size() : 0;
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
        return new Taken(!refused, arrivedBytes, force(appended, forces));
    }

    /** Returns whether something was appended. */
    private static boolean take(Asked one, ReplicaPart part) {
        FollowerReplica replica = one.replica();
        return switch (part.getOutcomeCase()) {
            case BATCHES ->
                replica.append(
                        one.position(),
                        ByteBuffer.wrap(part.getBatches().toByteArray()),
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

    private CompletableFuture<Void> force(List<Asked> appended, ForceQueue forces) {
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (Asked one : appended) {
            one.replica()
                    .startForce(forces)
                    .ifPresent(force -> running.add(force.handle((offset, failure) -> {
                        if (failure != null) {
                            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                            followers.failed(
                                    one.replica(),
                                    cause instanceof RuntimeException e ? e : new IllegalStateException(cause));
                        }
                        return 0;
                    })));
        }
        return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
    }
}
