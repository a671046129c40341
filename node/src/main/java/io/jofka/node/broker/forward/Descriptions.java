package io.jofka.node.broker.forward;

import io.jofka.node.broker.ReplicaDescriptions.Follower;
import io.jofka.node.broker.ReplicaDescriptions.Led;
import io.jofka.node.broker.forward.proto.FollowerEnd;
import io.jofka.node.broker.forward.proto.LedPartition;
import io.jofka.node.broker.forward.proto.LogEnd;
import java.util.Optional;

/** Descriptions of replicas as nodes tell them to each other (forward.proto), and back. */
final class Descriptions {
    private Descriptions() {}

    static LedPartition of(Optional<Led> described) {
        LedPartition.Builder message = LedPartition.newBuilder();
        described.ifPresent(led -> {
            message.setOffsets(Wire.of(led.offsets()))
                    .setSizeBytes(led.sizeBytes())
                    .setOfflineReason(led.offlineReason());
            led.followers()
                    .forEach(follower -> message.addFollowers(FollowerEnd.newBuilder()
                            .setNode(follower.node())
                            .setEnd(follower.endOffset())
                            .setFetchedMsAgo(follower.fetchedMsAgo())));
        });
        return message.build();
    }

    static Optional<Led> of(LedPartition message) {
        return message.hasOffsets()
                ? Optional.of(new Led(
                        Wire.of(message.getOffsets()),
                        message.getSizeBytes(),
                        message.getOfflineReason(),
                        message.getFollowersList().stream()
                                .map(f -> new Follower(f.getNode(), f.getEnd(), f.getFetchedMsAgo()))
                                .toList()))
                : Optional.empty();
    }

    static LogEnd of(io.jofka.node.broker.ReplicaDescriptions.LogEnd end) {
        return LogEnd.newBuilder()
                .setStart(end.startOffset())
                .setEnd(end.endOffset())
                .setLastEpoch(end.lastEpoch())
                .setHighWatermark(end.highWatermark())
                .build();
    }

    static io.jofka.node.broker.ReplicaDescriptions.LogEnd of(LogEnd message) {
        return new io.jofka.node.broker.ReplicaDescriptions.LogEnd(
                message.getStart(), message.getEnd(), message.getLastEpoch(), message.getHighWatermark());
    }
}
