package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * ListOffsets: latest (-1), earliest (-2), largest timestamp (-3, KIP-734), or the first record at a time. There is no
 * tiered storage: earliest-local (-4) is earliest; latest-tiered (-5) and earliest-pending-upload (-6) have no offset.
 */
final class ListOffsetsHandler {
    private static final short FIRST_VERSION_WITH_EPOCH = 4;
    private static final long NONE = -1;
    private static final List<Long> SPECIAL = List.of(-1L, -2L, -3L, -4L, -5L, -6L);
    private static final List<Integer> SPECIAL_SINCE = List.of(0, 0, 7, 8, 9, 11);

    private final OffsetService service;
    private final Images images;

    ListOffsetsHandler(OffsetService service, Images images) {
        this.service = service;
        this.images = images;
    }

    Reply handle(ListOffsetsRequestData request, Call call) {
        ClusterImage image = images.current();
        Isolation isolation = request.isolationLevel() == 1 ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        Set<String> seen = new HashSet<>();
        for (var topic : request.topics()) {
            Optional<TopicImage> known = image.topic(topic.name());
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answers);
            for (ListOffsetsPartition partition : topic.partitions()) {
                boolean repeated = !seen.add(partition.partitionIndex() + " " + topic.name());
                answers.partitions().add(answer(known, partition, isolation, call.version(), repeated));
            }
        }
        return new Reply.Now(response);
    }

    private ListOffsetsPartitionResponse answer(
            Optional<TopicImage> topic,
            ListOffsetsPartition partition,
            Isolation isolation,
            short version,
            boolean repeated) {
        ListOffsetsPartitionResponse answer =
                new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
        if (repeated) {
            return answer.setErrorCode(Errors.INVALID_REQUEST.code());
        }
        if (unsupported(partition.timestamp(), version)) {
            return answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        Optional<TopicPartition> where = Partitions.find(topic, partition.partitionIndex());
        if (where.isEmpty()) {
            return answer.setErrorCode(
                    KafkaErrors.forFetch(Fault.UNKNOWN_TOPIC_OR_PARTITION).code());
        }
        Optional<Query> query = query(partition.timestamp());
        if (query.isEmpty()) {
            return answer;
        }
        int epoch = Math.max(-1, partition.currentLeaderEpoch());
        switch (service.find(where.get(), query.get(), isolation, epoch)) {
            case OffsetService.Result.Ok<TimestampedOffset>(TimestampedOffset found) -> {
                answer.setOffset(found.offset()).setTimestamp(shownTime(query.get(), found));
                if (version >= FIRST_VERSION_WITH_EPOCH && found.offset() >= 0) {
                    answer.setLeaderEpoch(found.leaderEpoch());
                }
            }
            case OffsetService.Result.Refused<TimestampedOffset>(Fault fault, String detail) ->
                answer.setErrorCode(KafkaErrors.forFetch(fault).code());
        }
        return answer;
    }

    private static long shownTime(Query query, TimestampedOffset found) {
        return switch (query) {
            case Query.Earliest earliest -> NONE;
            case Query.Latest latest -> NONE;
            case Query.MaxTimestamp max -> found.timestampMs();
            case Query.AtTime at -> found.timestampMs();
        };
    }

    /** Empty where without tiered storage there is nothing to find. */
    private static Optional<Query> query(long timestamp) {
        if (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
            return Optional.empty();
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            return Optional.of(new Query.Earliest());
        }
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return Optional.of(new Query.Latest());
        }
        if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
            return Optional.of(new Query.MaxTimestamp());
        }
        return Optional.of(new Query.AtTime(timestamp));
    }

    private static boolean unsupported(long timestamp, short version) {
        int special = SPECIAL.indexOf(timestamp);
        return timestamp < 0 && (special < 0 || version < SPECIAL_SINCE.get(special));
    }
}
