package io.jofka.node.broker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.broker.replica.proto.Diverged;
import io.jofka.node.broker.replica.proto.ReplicaAnswer;
import io.jofka.node.broker.replica.proto.ReplicaAsk;
import io.jofka.node.broker.replica.proto.ReplicaPart;
import io.jofka.node.broker.replica.proto.ReplicaPosition;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.LogSlice;
import io.jofka.node.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Answers followers from what this node leads, up to the log's end. Parks its (virtual) thread; thread-safe. */
final class ReplicaService {
    private static final int MAX_POSITIONS = 200_000;
    private static final int MAX_WAIT_MS = 10_000;
    private static final int MAX_BYTES = 32 << 20;
    private static final long NANOS_PER_MS = 1_000_000L;

    private final PartitionLookup partitions;
    private final PartitionLoop.Surroundings around;
    private final Clock clock;

    ReplicaService(PartitionLookup partitions, PartitionLoop.Surroundings around) {
        this.partitions = partitions;
        this.around = around;
        this.clock = around.clock();
    }

    void serve(Net net) {
        net.serve(Net.Call.REPLICA, (from, bytes) -> CompletableFuture.completedFuture(answer(from, bytes)));
    }

    private byte[] answer(int from, byte[] bytes) {
        ReplicaAsk ask;
        try {
            ask = ReplicaAsk.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a replica's request: " + e.getMessage(), e);
        }
        if (ask.getPositionsCount() > MAX_POSITIONS || ask.getMaxBytes() < 1 || ask.getMaxPartitionBytes() < 1) {
            throw new IllegalArgumentException("a replica's request out of range");
        }
        for (ReplicaPosition position : ask.getPositionsList()) {
            if (partitions.find(partition(position)) instanceof PartitionLookup.Found.Here here
                    && objection(position, here.loop()) == null) {
                here.loop().followers().fetched(from, position.getOffset(), clock.nanos());
                here.loop()
                        .step(new LeaderEvent.FollowerFetched<>(
                                from, position.getLeaderEpoch(), position.getOffset(), clock.nanos()));
            }
        }
        long deadlineNanos = clock.nanos() + Math.clamp(ask.getMaxWaitMs(), 0, MAX_WAIT_MS) * NANOS_PER_MS;
        while (true) {
            List<PartitionLoop> quiet = new ArrayList<>();
            FetchWaiter waiter = new FetchWaiter();
            ReplicaAnswer.Builder answer = ReplicaAnswer.newBuilder();
            boolean something = false;
            try {
                something = read(ask, answer, quiet, waiter);
                if (!something
                        && deadlineNanos - clock.nanos() > 0
                        && !Thread.currentThread().isInterrupted()) {
                    waiter.await(deadlineNanos - clock.nanos());
                    continue;
                }
            } finally {
                quiet.forEach(loop -> loop.unregister(waiter));
            }
            return answer.build().toByteArray();
        }
    }

    private static TopicPartition partition(ReplicaPosition position) {
        return new TopicPartition(new UUID(position.getTopicHigh(), position.getTopicLow()), position.getPartition());
    }

    /** Reads all positions; true when the answer should go out at once. Those without news have the waiter. */
    private boolean read(ReplicaAsk ask, ReplicaAnswer.Builder answer, List<PartitionLoop> quiet, FetchWaiter waiter) {
        boolean something = false;
        int left = Math.min(ask.getMaxBytes(), MAX_BYTES);
        for (ReplicaPosition position : ask.getPositionsList()) {
            ReplicaPart.Builder part = ReplicaPart.newBuilder();
            if (partitions.find(partition(position)) instanceof PartitionLookup.Found.Here here) {
                PartitionLoop loop = here.loop();
                loop.register(waiter);
                quiet.add(loop);
                int bytes = Math.min(left, ask.getMaxPartitionBytes());
                one(position, loop, bytes, left == Math.min(ask.getMaxBytes(), MAX_BYTES), part);
            } else {
                part.setRefused("not led here, or not open");
            }
            int size = part.getBatches().size();
            left = Math.max(0, left - size);
            boolean refused = part.getOutcomeCase() == ReplicaPart.OutcomeCase.REFUSED;
            something |= size > 0 || (part.getOutcomeCase() != ReplicaPart.OutcomeCase.BATCHES && !refused);
            answer.addParts(part);
        }
        // an answer of refusals only goes out at once, so that the follower sees to its image
        return something
                || answer.getPartsList().stream()
                        .allMatch(part -> part.getOutcomeCase() == ReplicaPart.OutcomeCase.REFUSED);
    }

    private void one(
            ReplicaPosition position, PartitionLoop loop, int bytes, boolean atLeastOne, ReplicaPart.Builder part) {
        PartitionOffsets offsets = loop.offsets();
        part.setLogStart(offsets.logStartOffset())
                .setHighWatermark(offsets.highWatermark())
                .setLogEnd(offsets.logEndOffset());
        ReplicaPart objection = objection(position, loop);
        if (objection != null) {
            part.mergeFrom(objection);
            return;
        }
        if (position.getOffset() >= offsets.logEndOffset() || (bytes == 0 && !atLeastOne)) {
            part.setBatches(ByteString.EMPTY);
            return;
        }
        try (LogSlice slice = loop.log().read(position.getOffset(), bytes, offsets.logEndOffset(), atLeastOne)) {
            part.setBatches(ByteString.copyFrom(slice.toBuffer()));
        } catch (StorageFailure e) {
            around.storageFailed(loop.partition(), e);
            loop.fail(io.jofka.api.fault.Fault.STORAGE_OFFLINE, "A read of the partition failed: " + e.getMessage());
            part.setRefused("the leader's storage failed");
        }
    }

    /** What is wrong with a position; null when batches can be read from there. */
    private static @org.jspecify.annotations.Nullable ReplicaPart objection(
            ReplicaPosition position, PartitionLoop loop) {
        PartitionOffsets offsets = loop.offsets();
        if (loop.offline() != null || position.getLeaderEpoch() != offsets.leaderEpoch()) {
            return ReplicaPart.newBuilder().setRefused("another leader epoch").build();
        }
        if (position.getLastEpoch() >= 0) {
            EpochEnd end = loop.log().endOffsetFor(position.getLastEpoch());
            if (end.epoch() >= 0 && (end.epoch() < position.getLastEpoch() || end.endOffset() < position.getOffset())) {
                return ReplicaPart.newBuilder()
                        .setDiverged(Diverged.newBuilder().setEpoch(end.epoch()).setEndOffset(end.endOffset()))
                        .build();
            }
        }
        return position.getOffset() < offsets.logStartOffset() || position.getOffset() > offsets.logEndOffset()
                ? ReplicaPart.newBuilder().setOutOfRange(true).build()
                : null;
    }
}
