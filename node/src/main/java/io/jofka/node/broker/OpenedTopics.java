package io.jofka.node.broker;

import io.jofka.node.controller.TopicAdmin;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Topic administration whose answers also wait until the partitions that this node got by the change are open, so that
 * whoever creates a topic can use it at once. Thread-safe.
 */
public final class OpenedTopics implements TopicAdmin {
    private final TopicAdmin topics;
    private final Broker broker;

    public OpenedTopics(TopicAdmin topics, Broker broker) {
        this.topics = topics;
        this.broker = broker;
    }

    private <T> CompletableFuture<Answer<T>> opened(CompletableFuture<Answer<T>> answer) {
        return answer.thenCompose(given -> broker.opened().handle((opened, failure) -> given));
    }

    @Override
    public CompletableFuture<Answer<Created>> createTopics(List<TopicSpec> specs, boolean validateOnly, int timeoutMs) {
        return opened(topics.createTopics(specs, validateOnly, timeoutMs));
    }

    @Override
    public CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> refs, boolean validateOnly, int timeoutMs) {
        return topics.deleteTopics(refs, validateOnly, timeoutMs);
    }

    @Override
    public CompletableFuture<Answer<Grown>> createPartitions(
            List<Growth> growths, boolean validateOnly, int timeoutMs) {
        return opened(topics.createPartitions(growths, validateOnly, timeoutMs));
    }

    @Override
    public CompletableFuture<Answer<Altered>> alterConfigs(
            List<ConfigChange> changes, boolean validateOnly, int timeoutMs) {
        return topics.alterConfigs(changes, validateOnly, timeoutMs);
    }
}
