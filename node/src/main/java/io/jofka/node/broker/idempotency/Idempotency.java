package io.jofka.node.broker.idempotency;

import io.jofka.api.batch.Murmur2;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.idempotency.Begun.Ticket;
import io.jofka.node.broker.idempotency.Entry.PartitionResult;
import io.jofka.node.broker.idempotency.IdempotencyMachine.Decision;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.TopicImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes a produce with a key happen once within the expiry: on this node, on any other, over crashes and restarts. All
 * that must outlive the process is in the topic {@link IdempotencyConfig#TOPIC}, sharded by the hash of the key. Nodes do
 * not ask each other: a start is appended and then read back, and the first one of a key in the log is everybody's, so a
 * repeat through another node, even at the same time, makes the same batches, which the log recognises (A10). Thread-safe; every method blocks, call on virtual threads.
 */
public final class Idempotency implements AutoCloseable {
    private final Images images;
    private final KeyTopic topic;
    private final ShardReader reader;
    private final ProducerIds producerIds;
    private final Clock clock;
    private final IdempotencyConfig config;
    private final Map<TopicPartition, ShardLoop> shards = new ConcurrentHashMap<>();

    public Idempotency(
            Images images,
            TopicAdmin admin,
            ProduceService produce,
            FetchService fetch,
            ProducerIds producerIds,
            Clock clock,
            IdempotencyConfig config) {
        this.images = images;
        this.topic = new KeyTopic(images, admin, produce, config);
        this.reader = new ShardReader(fetch);
        this.producerIds = producerIds;
        this.clock = clock;
        this.config = config;
    }

    /**
     * @param digest SHA-256 of all that makes up the request
     * @param partitions partition count of the topic now
     * @param timeMs the time of records that have none
     */
    public Begun begin(String key, byte[] digest, int partitions, long timeMs) {
        try {
            Optional<TopicImage> found = topic.topic();
            if (found.isEmpty()) {
                return unavailable("The topic of idempotency keys could not be created in time.");
            }
            TopicPartition shard = shardOf(found.get(), key);
            int epoch = found.get().partitions().get(shard.partition()).leaderEpoch();
            ShardLoop loop = shards.computeIfAbsent(shard, this::open);
            ShardLoop.Answer answer =
                    loop.decide(key, digest, clock.wallMs(), epoch).get(config.timeoutMs(), TimeUnit.MILLISECONDS);
            return switch (answer) {
                case ShardLoop.Answer.Decided(Decision.Start()) ->
                    start(key, shard, Entry.started(digest, -1, partitions, timeMs));
                case ShardLoop.Answer.Decided(Decision decision) -> act(decision, key, shard);
                case ShardLoop.Answer.Unavailable(String detail) ->
                    unavailable("The keys cannot be read now: " + detail + ".");
                case ShardLoop.Answer.Busy() ->
                    new Begun.Refused(Fault.OVERLOADED, "Too many requests with idempotency keys wait.");
            };
        } catch (TimeoutException late) {
            return unavailable("The keys could not be read in time.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Begun.Refused(Fault.SHUTTING_DOWN, "The node is shutting down.");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a shard answers", bug.getCause());
        }
    }

    private static Begun unavailable(String detail) {
        return new Begun.Refused(Fault.COORDINATOR_NOT_AVAILABLE, detail);
    }

    private ShardLoop open(TopicPartition shard) {
        return new ShardLoop(shard.partition(), config, (from, machine) -> reader.read(shard, from, machine));
    }

    private static TopicPartition shardOf(TopicImage topic, String key) {
        int hash = Murmur2.hash(key.getBytes(StandardCharsets.UTF_8)) & 0x7fff_ffff;
        return new TopicPartition(topic.id(), hash % topic.partitions().size());
    }

    private Begun act(Decision decision, String key, TopicPartition shard) {
        return switch (decision) {
            case Decision.Start() -> throw new IllegalStateException("a start is recorded first");
            case Decision.Resume(Entry entry) -> new Begun.Resumed(new Ticket(key, shard.partition(), entry));
            case Decision.Replay(Entry entry) -> new Begun.Replay(entry);
            case Decision.Running() ->
                new Begun.Refused(Fault.REQUEST_RUNNING, "A request with this idempotency key is still running.");
            case Decision.Reused() ->
                new Begun.Refused(Fault.KEY_REUSED, "This idempotency key was used for another request.");
            case Decision.Full() ->
                new Begun.Refused(
                        Fault.TOO_MANY_REQUESTS,
                        "The node remembers " + config.maxKeysPerShard()
                                + " idempotency keys in this shard, its limit; keys expire after "
                                + TimeUnit.MILLISECONDS.toHours(config.expiryMs()) + " hours.");
        };
    }

    private Begun start(String key, TopicPartition shard, Entry wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        boolean started = false;
        try {
            Result<Long> next = nextProducerId();
            if (next instanceof Result.Refused<Long>(Fault fault, String detail)) {
                return new Begun.Refused(fault, detail);
            }
            long id = ((Result.Ok<Long>) next).value();
            Entry entry = Entry.started(wanted.digest(), id, wanted.partitions(), wanted.timeMs());
            OptionalLong offset = topic.append(shard, key, entry, clock.wallMs());
            if (offset.isEmpty()) {
                return unavailable("The start of the request could not be recorded.");
            }
            ShardLoop.Answer confirmed = loop(shard)
                    .confirm(key, entry.digest(), id, offset.getAsLong())
                    .get(config.timeoutMs(), TimeUnit.MILLISECONDS);
            Begun begun = switch (confirmed) {
                case ShardLoop.Answer.Decided(Decision.Start()) ->
                    new Begun.Fresh(new Ticket(key, shard.partition(), entry));
                case ShardLoop.Answer.Decided(Decision other) -> act(other, key, shard);
                case ShardLoop.Answer.Unavailable(String detail) ->
                    unavailable("The start of the request could not be read back: " + detail + ".");
                case ShardLoop.Answer.Busy() ->
                    new Begun.Refused(Fault.OVERLOADED, "Too many requests with idempotency keys wait.");
            };
            started = begun instanceof Begun.Fresh || begun instanceof Begun.Resumed;
            return begun;
        } finally {
            if (!started) {
                loop(shard).release(key);
            }
        }
    }

    private Result<Long> nextProducerId() throws InterruptedException {
        CompletableFuture<Result<Long>> next = producerIds.next();
        try {
            return next.get(config.timeoutMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new Result.Refused<>(Fault.NOT_CONTROLLER, "The controller gave no producer id in time.");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a producer id is an outcome", bug.getCause());
        }
    }

    /** All records of the request are appended; repeats will be answered with these results. */
    public void finish(Ticket ticket, List<PartitionResult> results) {
        end(ticket, Optional.of(ticket.entry().finished(results)));
    }

    /** The request did not come to its good end; a repeat does it again. */
    public void release(Ticket ticket) {
        end(ticket, Optional.empty());
    }

    private void end(Ticket ticket, Optional<Entry> done) {
        Optional<TopicImage> now = images.current().topic(IdempotencyConfig.TOPIC);
        if (now.isEmpty()) {
            return;
        }
        TopicPartition shard = new TopicPartition(now.get().id(), ticket.shard());
        try {
            // where the end cannot be recorded the request is done all the same: a repeat finds it in the log
            if (done.isPresent()
                    && topic.append(shard, ticket.key(), done.get(), clock.wallMs())
                            .isPresent()) {
                loop(shard).apply(ticket.key(), done.get(), true);
            } else {
                loop(shard).release(ticket.key());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private ShardLoop loop(TopicPartition shard) {
        return shards.computeIfAbsent(shard, this::open);
    }

    @Override
    public void close() {
        shards.values().forEach(ShardLoop::close);
    }
}
