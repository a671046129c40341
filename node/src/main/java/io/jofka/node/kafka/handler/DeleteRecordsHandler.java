package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** DeleteRecords: moves log starts up; -1 means the high watermark (KIP-107). */
final class DeleteRecordsHandler {
    private static final long HIGH_WATERMARK = -1;
    private static final long UNKNOWN = -1;

    private final OffsetService service;
    private final Images images;

    DeleteRecordsHandler(OffsetService service, Images images) {
        this.service = service;
        this.images = images;
    }

    private record Slot(DeleteRecordsPartitionResult answer, CompletableFuture<Result<Long>> result) {}

    Reply handle(DeleteRecordsRequestData request, Call call) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        List<Slot> slots = new ArrayList<>();
        for (var topic : request.topics()) {
            Optional<TopicImage> known = images.current().topic(topic.name());
            DeleteRecordsTopicResult answers = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                DeleteRecordsPartitionResult answer =
                        new DeleteRecordsPartitionResult().setPartitionIndex(partition.partitionIndex());
                answers.partitions().add(answer);
                slots.add(new Slot(answer, delete(known, partition)));
            }
            response.topics().add(answers);
        }
        CompletableFuture<?>[] all = slots.stream().map(Slot::result).toArray(CompletableFuture<?>[]::new);
        return new Reply.Later(CompletableFuture.allOf(all).thenApply(none -> {
            slots.forEach(DeleteRecordsHandler::fill);
            return new Reply.Now(response);
        }));
    }

    private CompletableFuture<Result<Long>> delete(Optional<TopicImage> topic, DeleteRecordsPartition partition) {
        if (topic.filter(TopicImage::internal).isPresent()) {
            return refused(Fault.INVALID_TOPIC, "records of internal topics are not deleted");
        }
        Optional<TopicPartition> where = Partitions.find(topic, partition.partitionIndex());
        if (where.isEmpty()) {
            return refused(Fault.UNKNOWN_TOPIC_OR_PARTITION, "no such partition");
        }
        if (partition.offset() < HIGH_WATERMARK) {
            return refused(Fault.OFFSET_OUT_OF_RANGE, "offset is negative");
        }
        return service.deleteRecords(where.get(), partition.offset());
    }

    private static CompletableFuture<Result<Long>> refused(Fault fault, String detail) {
        return CompletableFuture.completedFuture(new Result.Refused<>(fault, detail));
    }

    private static void fill(Slot slot) {
        switch (slot.result().resultNow()) {
            case Result.Ok<Long>(Long start) ->
                slot.answer().setLowWatermark(start).setErrorCode(Errors.NONE.code());
            case Result.Refused<Long>(Fault fault, String detail) ->
                slot.answer()
                        .setLowWatermark(UNKNOWN)
                        .setErrorCode(KafkaErrors.forProduce(fault).code());
        }
    }
}
