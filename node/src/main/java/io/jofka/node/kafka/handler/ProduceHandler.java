package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Produce: hands each partition's batches to the one way into the log as they are in the request's memory. With acks=0
 * nothing is answered and a refusal closes the connection, as Kafka does.
 */
final class ProduceHandler {
    private static final int MAX_TIMEOUT_MS = 60_000;
    private static final int MAGIC_POSITION = 16;
    private static final int CODEC_POSITION = 22;
    private static final int CODEC_MASK = 7;
    private static final int ZSTD = 4;
    private static final short FIRST_VERSION_WITH_ZSTD = 7;
    private static final short FIRST_VERSION_WITH_IDS = 13;

    private final ProduceService service;
    private final Images images;

    ProduceHandler(ProduceService service, Images images) {
        this.service = service;
        this.images = images;
    }

    /** One partition of the request. */
    record Slot(int topicIndex, TopicProduceData topic, int partition, CompletableFuture<ProduceOutcome> outcome) {}

    Reply handle(ProduceRequestData request, Call call) {
        ClusterImage image = images.current();
        List<Slot> slots = new ArrayList<>(1);
        boolean done = true;
        int topicIndex = -1;
        for (TopicProduceData topic : request.topicData()) {
            topicIndex++;
            Optional<TopicImage> known = call.version() >= FIRST_VERSION_WITH_IDS
                    ? image.topic(Ids.of(topic.topicId()))
                    : image.topic(topic.name());
            for (PartitionProduceData partition : topic.partitionData()) {
                CompletableFuture<ProduceOutcome> outcome = produce(request, call, known, partition);
                done &= outcome.isDone();
                slots.add(new Slot(topicIndex, topic, partition.index(), outcome));
            }
        }
        if (done) {
            return answer(request, call, slots);
        }
        if (slots.size() == 1) {
            return new Reply.Later(slots.getFirst().outcome().thenApply(outcome -> answer(request, call, slots)));
        }
        CompletableFuture<?>[] all = slots.stream().map(Slot::outcome).toArray(CompletableFuture<?>[]::new);
        return new Reply.Later(CompletableFuture.allOf(all).thenApply(none -> answer(request, call, slots)));
    }

    private CompletableFuture<ProduceOutcome> produce(
            ProduceRequestData request, Call call, Optional<TopicImage> known, PartitionProduceData partition) {
        if (request.acks() < -1 || request.acks() > 1) {
            return refused(Fault.INVALID_PARAMETER, "acks must be 0, 1 or -1");
        }
        if (request.transactionalId() != null) {
            return refused(Fault.INVALID_TXN_STATE, "transactions are not served");
        }
        if (known.isEmpty()) {
            return call.version() >= FIRST_VERSION_WITH_IDS
                    ? refused(Fault.UNKNOWN_TOPIC_ID, "no topic has this id")
                    : refused(Fault.UNKNOWN_TOPIC_OR_PARTITION, "no topic has this name");
        }
        TopicImage topic = known.get();
        if (topic.internal()) {
            return refused(Fault.INVALID_TOPIC, "internal topics are written only by the node");
        }
        if (partition.index() < 0 || partition.index() >= topic.partitions().size()) {
            return refused(Fault.UNKNOWN_TOPIC_OR_PARTITION, "the topic has no such partition");
        }
        if (!(partition.records() instanceof MemoryRecords records) || records.sizeInBytes() == 0) {
            return refused(Fault.INVALID_RECORD, "a produce request must have a record batch for each partition");
        }
        ByteBuffer batches = records.buffer();
        if (call.version() < FIRST_VERSION_WITH_ZSTD && isZstd(batches)) {
            return refused(Fault.UNSUPPORTED_COMPRESSION, "zstd needs produce version 7 or newer");
        }
        int timeoutMs = Math.clamp(request.timeoutMs(), 1, MAX_TIMEOUT_MS);
        return service.produce(
                new TopicPartition(topic.id(), partition.index()),
                batches,
                new ProduceOptions(acks(request.acks()), timeoutMs, false));
    }

    private static Acks acks(short acks) {
        return switch (acks) {
            case 0 -> Acks.NONE;
            case 1 -> Acks.LEADER;
            default -> Acks.ALL;
        };
    }

    private static boolean isZstd(ByteBuffer batches) {
        int start = batches.position();
        return batches.remaining() > CODEC_POSITION
                && batches.get(start + MAGIC_POSITION) == 2
                && (batches.get(start + CODEC_POSITION) & CODEC_MASK) == ZSTD;
    }

    private static CompletableFuture<ProduceOutcome> refused(Fault fault, String detail) {
        return CompletableFuture.completedFuture(new ProduceOutcome.Refused(fault, detail));
    }

    private Reply answer(ProduceRequestData request, Call call, List<Slot> slots) {
        ProduceAnswer answer = new ProduceAnswer(call.version(), request.acks());
        for (Slot slot : slots) {
            answer.add(slot, images);
        }
        if (request.acks() != 0) {
            return new Reply.Now(answer.response());
        }
        answer.failure().ifPresent(reason -> call.client().disconnect("produce with acks=0 failed: " + reason));
        return Reply.NONE;
    }
}
