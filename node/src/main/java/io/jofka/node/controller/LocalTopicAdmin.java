package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Seed;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Topic administration by commands for the active controller. Thread-safe, without state. */
final class LocalTopicAdmin implements TopicAdmin {
    /** A shorter time-out would give up before any commit can be expected. */
    private static final int MIN_TIMEOUT_MS = 1_000;

    private static final int MAX_TIMEOUT_MS = 300_000;

    private final Submitter submitter;
    private final LocalImages images;
    private final Seed seed;

    LocalTopicAdmin(Submitter submitter, LocalImages images, Seed seed) {
        this.submitter = submitter;
        this.images = images;
        this.seed = seed;
    }

    @Override
    public CompletableFuture<Answer<Created>> createTopics(
            List<TopicSpec> topics, boolean validateOnly, int timeoutMs) {
        CreateTopics command = new CreateTopics(topics.stream()
                .map(topic -> new MetadataCommand.NewTopic(
                        topic.name(),
                        seed.nextUuid(),
                        topic.partitions(),
                        topic.replicationFactor(),
                        topic.assignment(),
                        topic.configs()))
                .toList());
        return call(
                command,
                topics,
                validateOnly,
                timeoutMs,
                (_, made) -> new Created(
                        made.name(), made.id(), made.partitions(), made.replicationFactor(), made.configs()));
    }

    @Override
    public CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> topics, boolean validateOnly, int timeoutMs) {
        DeleteTopics command = new DeleteTopics(topics.stream()
                .map(topic -> new MetadataCommand.TopicKey(topic.name(), topic.id(), topic.expectedChangedIndex()))
                .toList());
        return call(
                command, topics, validateOnly, timeoutMs, (_, removed) -> new Deleted(removed.name(), removed.id()));
    }

    @Override
    public CompletableFuture<Answer<Grown>> createPartitions(
            List<Growth> growths, boolean validateOnly, int timeoutMs) {
        GrowTopics command = new GrowTopics(growths.stream()
                .map(growth ->
                        new MetadataCommand.Growth(growth.topic(), growth.totalPartitions(), growth.assignment()))
                .toList());
        return call(command, growths, validateOnly, timeoutMs, (asked, total) -> new Grown(asked.topic(), total));
    }

    @Override
    public CompletableFuture<Answer<Altered>> alterConfigs(
            List<ConfigChange> changes, boolean validateOnly, int timeoutMs) {
        AlterConfigs command =
                new AlterConfigs(changes.stream().map(LocalTopicAdmin::change).toList());
        return call(command, changes, validateOnly, timeoutMs, (_, name) -> new Altered(name));
    }

    private static MetadataCommand.ConfigChange change(ConfigChange change) {
        boolean topic = switch (change.resource()) {
            case TOPIC -> true;
            case NODE -> false;
        };
        List<MetadataCommand.ConfigOp> ops = change.ops().stream()
                .map(op -> new MetadataCommand.ConfigOp(kind(op.kind()), op.key(), op.value()))
                .toList();
        return new MetadataCommand.ConfigChange(topic, change.name(), ops, change.expectedChangedIndex());
    }

    private static MetadataCommand.ConfigOp.Kind kind(ConfigOp.Kind kind) {
        return switch (kind) {
            case SET -> MetadataCommand.ConfigOp.Kind.SET;
            case DELETE -> MetadataCommand.ConfigOp.Kind.DELETE;
            case APPEND -> MetadataCommand.ConfigOp.Kind.APPEND;
            case SUBTRACT -> MetadataCommand.ConfigOp.Kind.SUBTRACT;
        };
    }

    private <I, V, T> CompletableFuture<Answer<T>> call(
            MetadataCommand<List<Verdict<V>>> command,
            List<I> items,
            boolean validateOnly,
            int timeoutMs,
            BiFunction<I, V, T> value) {
        int timeout = Math.clamp(timeoutMs, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS);
        return submitter.submit(command, validateOnly, timeout).thenApply(reply -> switch (reply) {
            case Reply.Done<List<Verdict<V>>>(long index, List<Verdict<V>> verdicts) -> {
                List<Outcome<T>> outcomes = new ArrayList<>(verdicts.size());
                for (int i = 0; i < verdicts.size(); i++) {
                    outcomes.add(outcome(items.get(i), verdicts.get(i), value));
                }
                yield new Answer<>(index, outcomes);
            }
            case Reply.Failed<List<Verdict<V>>>(Fault fault, String detail) ->
                new Answer<>(
                        images.image().index(),
                        items.stream()
                                .<Outcome<T>>map(_ -> new Outcome.Refused<>(fault, detail, ""))
                                .toList());
        });
    }

    private static <I, V, T> Outcome<T> outcome(I item, Verdict<V> verdict, BiFunction<I, V, T> value) {
        return switch (verdict) {
            case Verdict.Accepted<V>(V accepted) -> new Outcome.Ok<>(value.apply(item, accepted));
            case Verdict.Refused<V>(Fault fault, String detail, String pointer) ->
                new Outcome.Refused<>(fault, detail, pointer);
        };
    }
}
