package io.jofka.node.rest.data;

import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Creates topics in {@link MemoryImages}; nothing else is asked of it. */
final class MemoryTopicAdmin implements TopicAdmin {
    private final MemoryImages images;

    MemoryTopicAdmin(MemoryImages images) {
        this.images = images;
    }

    @Override
    public CompletableFuture<Answer<Created>> createTopics(
            List<TopicSpec> topics, boolean validateOnly, int timeoutMs) {
        List<Outcome<Created>> outcomes = topics.stream()
                .<Outcome<Created>>map(spec -> {
                    TopicImage made = images.topic(spec.name(), spec.partitions(), spec.configs());
                    return new Outcome.Ok<>(new Created(spec.name(), made.id(), spec.partitions(), 1, spec.configs()));
                })
                .toList();
        return CompletableFuture.completedFuture(new Answer<>(images.current().index(), outcomes));
    }

    @Override
    public CompletableFuture<Answer<Deleted>> deleteTopics(List<TopicRef> topics, boolean validateOnly, int timeoutMs) {
        throw new UnsupportedOperationException("the data path deletes no topics");
    }

    @Override
    public CompletableFuture<Answer<Grown>> createPartitions(
            List<Growth> growths, boolean validateOnly, int timeoutMs) {
        throw new UnsupportedOperationException("the data path adds no partitions");
    }

    @Override
    public CompletableFuture<Answer<Altered>> alterConfigs(
            List<ConfigChange> changes, boolean validateOnly, int timeoutMs) {
        throw new UnsupportedOperationException("the data path alters no configuration");
    }
}
