package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.StallGuard;

/** The addresses that read. Each method answers the request or throws a refusal. Thread-safe. */
public final class ReadRoutes {
    private final Images images;
    private final TopicRead topics;
    private final FetchMany many;
    private final PartitionRead partitions;
    private final StoredBatches stored;
    private final OffsetLookup lookup;
    private final Truncation truncation;

    /** {@code bodies} counts the bytes that are held for answers. */
    public ReadRoutes(
            Images images,
            FetchService log,
            OffsetService offsets,
            DataLimits limits,
            ReadGates gates,
            Gate bodies,
            StallGuard stalls,
            Clock clock,
            Answers answers,
            DataMetrics metrics) {
        this.images = images;
        PageReader pages = new PageReader(log, bodies, clock, limits, metrics);
        ManyReader reader = new ManyReader(pages, limits.maxFetchPositions());
        TopicPage page = new TopicPage(reader, limits, answers);
        this.topics = new TopicRead(
                images,
                offsets,
                limits,
                gates,
                page,
                new RecordStream(images, reader, limits, stalls, answers),
                new LiveTail(images, reader, limits, stalls, clock, answers));
        this.many = new FetchMany(images, offsets, limits, gates, bodies, page);
        this.partitions = new PartitionRead(pages, offsets, limits, gates, answers);
        this.stored = new StoredBatches(log, offsets, limits, gates, metrics);
        this.lookup = new OffsetLookup(offsets, answers);
        this.truncation = new Truncation(offsets, limits, bodies, answers);
    }

    public void topic(ServerRequest request, ServerResponse response, String topic) {
        topics.serve(request, response, find(topic));
    }

    /** Many topics in one page. */
    public void fetch(ServerRequest request, ServerResponse response) {
        many.serve(request, response);
    }

    public void partition(ServerRequest request, ServerResponse response, String topic, int partition) {
        partitions.serve(request, response, topic, find(topic, partition));
    }

    public void batches(ServerRequest request, ServerResponse response, String topic, int partition) {
        stored.serve(request, response, find(topic, partition));
    }

    public void offsets(ServerRequest request, ServerResponse response, String topic) {
        lookup.serve(request, response, find(topic));
    }

    public void truncate(ServerRequest request, ServerResponse response, String topic, int partition) {
        truncation.serve(request, response, find(topic, partition));
    }

    private TopicImage find(String topic) {
        return images.current()
                .topic(topic)
                .orElseThrow(
                        () -> new Refusal(Fault.UNKNOWN_TOPIC_OR_PARTITION, "Topic '" + topic + "' does not exist."));
    }

    private TopicPartition find(String topic, int partition) {
        TopicImage image = find(topic);
        int partitions = image.partitions().size();
        if (partition >= partitions) {
            throw new Refusal(
                    Fault.UNKNOWN_TOPIC_OR_PARTITION,
                    "Topic '" + topic + "' has no partition " + partition + "; it has " + partitions + ".");
        }
        return new TopicPartition(image.id(), partition);
    }
}
