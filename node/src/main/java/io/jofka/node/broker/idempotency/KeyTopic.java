package io.jofka.node.broker.idempotency;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.Compression;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Created;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicSpec;
import io.jofka.node.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The topic in which keys are kept: made on first use, appended to durably. Thread-safe; blocks. */
final class KeyTopic {
    private static final int MAX_REPLICAS = 3;

    private final Images images;
    private final TopicAdmin admin;
    private final ProduceService log;
    private final IdempotencyConfig config;

    KeyTopic(Images images, TopicAdmin admin, ProduceService log, IdempotencyConfig config) {
        this.images = images;
        this.admin = admin;
        this.log = log;
        this.config = config;
    }

    /** The topic, created when it does not exist; empty when that failed. */
    Optional<TopicImage> topic() throws InterruptedException {
        Optional<TopicImage> found = images.current().topic(IdempotencyConfig.TOPIC);
        return found.isPresent() ? found : create();
    }

    private Optional<TopicImage> create() throws InterruptedException {
        // retention forgets keys an hour after they expire; never compacted, since the first start of a key counts
        Map<String, String> configs = Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                Long.toString(config.expiryMs() + 3_600_000),
                "segment.ms",
                "3600000",
                "compression.type",
                "producer");
        TopicSpec spec = new TopicSpec(IdempotencyConfig.TOPIC, config.shards(), replicas(), Map.of(), configs);
        CompletableFuture<Answer<Created>> created = admin.createTopics(List.of(spec), false, config.timeoutMs());
        try {
            Answer<Created> answer = created.get(config.timeoutMs(), TimeUnit.MILLISECONDS);
            // somebody else may have created it a moment before
            if (answer.outcomes().getFirst() instanceof Outcome.Refused<Created> refused
                    && refused.fault() == Fault.TOPIC_ALREADY_EXISTS) {
                images.await(answer.index(), config.timeoutMs());
            }
            return images.current().topic(IdempotencyConfig.TOPIC);
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("creating a topic has an outcome", bug.getCause());
        }
    }

    /** The entry's offset, now that it is durable; empty when it is not known to be. */
    OptionalLong append(TopicPartition shard, String key, Entry entry, long nowMs) throws InterruptedException {
        BatchBuilder batch = new BatchBuilder(Compression.NONE, -1);
        ByteBuffer keyBytes = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
        batch.append(nowMs, keyBytes, entry.encode(), List.of());
        ProduceOptions options = new ProduceOptions(Acks.ALL, config.timeoutMs(), true);
        try {
            return log.produce(shard, batch.build(0, -1), options)
                                    .get(config.timeoutMs() + 1_000L, TimeUnit.MILLISECONDS)
                            instanceof ProduceOutcome.Appended appended
                    ? OptionalLong.of(appended.baseOffset())
                    : OptionalLong.empty();
        } catch (TimeoutException late) {
            return OptionalLong.empty();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a produce has an outcome", bug.getCause());
        }
    }

    /** As many as a majority of three needs, where there are so many nodes; -1, the cluster's default, where there is none. */
    private int replicas() {
        long nodes = images.current().nodes().stream()
                .filter(node -> node.broker() && !node.fenced())
                .count();
        return nodes == 0 ? -1 : (int) Math.min(MAX_REPLICAS, nodes);
    }
}
