package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Fetch: whole batches straight from the segment files. Sessions (KIP-227) are never opened: session id 0 is always
 * answered, and clients go on with full requests. Replicas do not fetch here.
 */
final class FetchHandler {
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final int FULL_FETCH_FIRST = 0;
    private static final int FULL_FETCH_LAST = -1;

    private final FetchService service;
    private final Images images;
    private final KafkaLimits limits;

    FetchHandler(FetchService service, Images images, KafkaLimits limits) {
        this.service = service;
        this.images = images;
        this.limits = limits;
    }

    Reply handle(FetchRequestData request, Call call) {
        Errors refusal = refusal(request);
        if (refusal != Errors.NONE) {
            return new Reply.Now(new FetchResponseData().setErrorCode(refusal.code()));
        }
        ClusterImage image = images.current();
        List<FetchPosition> positions = new ArrayList<>();
        List<FetchAnswer.Slot> slots = new ArrayList<>();
        boolean allKnown = true;
        int topicIndex = -1;
        for (FetchTopic topic : request.topics()) {
            topicIndex++;
            Optional<TopicImage> known = call.version() >= FIRST_VERSION_WITH_IDS
                    ? image.topic(Ids.of(topic.topicId()))
                    : image.topic(topic.topic());
            for (FetchPartition partition : topic.partitions()) {
                Fault fault = check(known, partition, call);
                if (fault == null) {
                    slots.add(FetchAnswer.Slot.asked(topicIndex, topic, partition, positions.size()));
                    positions.add(position(known.orElseThrow(), partition));
                } else {
                    allKnown = false;
                    slots.add(FetchAnswer.Slot.unknown(topicIndex, topic, partition, fault));
                }
            }
        }
        Isolation isolation = request.isolationLevel() == 1 ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
        int waitMs = allKnown ? Math.clamp(request.maxWaitMs(), 0, limits.maxFetchWaitMs()) : 0;
        int maxBytes = Math.clamp(request.maxBytes(), 0, limits.maxFetchBytes());
        int minBytes = Math.clamp(request.minBytes(), 0, maxBytes);
        FetchRequest wanted = new FetchRequest(positions, minBytes, maxBytes, waitMs, isolation);
        List<FetchOutcome> outcomes =
                positions.isEmpty() ? List.of() : call.client().interruptibly(() -> service.fetch(wanted));
        return FetchAnswer.of(slots, outcomes, isolation, call.version(), image);
    }

    private static Errors refusal(FetchRequestData request) {
        int replica = Math.max(request.replicaId(), request.replicaState().replicaId());
        if (replica >= 0) {
            return Errors.INVALID_REQUEST;
        }
        boolean full = request.sessionEpoch() == FULL_FETCH_FIRST || request.sessionEpoch() == FULL_FETCH_LAST;
        if (!full || (request.sessionId() != 0 && request.sessionEpoch() != FULL_FETCH_LAST)) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        return Errors.NONE;
    }

    private static @Nullable Fault check(Optional<TopicImage> topic, FetchPartition partition, Call call) {
        if (topic.isEmpty()) {
            return call.version() >= FIRST_VERSION_WITH_IDS ? Fault.UNKNOWN_TOPIC_ID : Fault.UNKNOWN_TOPIC_OR_PARTITION;
        }
        boolean exists = partition.partition() >= 0
                && partition.partition() < topic.get().partitions().size();
        return exists ? null : Fault.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static FetchPosition position(TopicImage topic, FetchPartition partition) {
        return new FetchPosition(
                new TopicPartition(topic.id(), partition.partition()),
                partition.fetchOffset(),
                Math.max(-1, partition.currentLeaderEpoch()),
                Math.max(-1, partition.lastFetchedEpoch()),
                Math.max(0, partition.partitionMaxBytes()));
    }
}
