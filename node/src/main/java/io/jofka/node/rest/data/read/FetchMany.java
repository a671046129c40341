package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import java.util.List;

/** {@code POST /records/fetch}: a page from positions in many topics, or from the cursor of such a page. Thread-safe. */
final class FetchMany {
    private static final int MAX_BODY_BYTES = 256 << 10;

    private final Images images;
    private final OffsetService offsets;
    private final DataLimits limits;
    private final ReadGates gates;
    private final Gate bodies;
    private final TopicPage pages;

    FetchMany(Images images, OffsetService offsets, DataLimits limits, ReadGates gates, Gate bodies, TopicPage pages) {
        this.images = images;
        this.offsets = offsets;
        this.limits = limits;
        this.gates = gates;
        this.bodies = bodies;
        this.pages = pages;
    }

    void serve(ServerRequest request, ServerResponse response) {
        Media.toAnswer(request.headers(), List.of(Media.JSON));
        Media.ofBody(request.headers(), List.of(Media.JSON));
        Parameters.of(request.query());
        FetchBody wanted;
        try (Body body = Body.read(request, MAX_BODY_BYTES, bodies)) {
            wanted = FetchBody.read(body, limits);
        }
        Wish wish = wanted.wish();
        Gate gate = gates.of(wish.waitMs());
        gate.enter(1);
        try {
            pages.send(request, response, positions(wanted), wish, wanted.format(), true);
        } finally {
            gate.leave(1);
        }
    }

    private Positions positions(FetchBody wanted) {
        Positions positions = new Positions(offsets);
        if (!wanted.cursor().isEmpty()) {
            positions.resume(wanted.cursor(), "/cursor", images.current());
            return positions;
        }
        for (int i = 0; i < wanted.positions().size(); i++) {
            FetchBody.At at = wanted.positions().get(i);
            String pointer = "/positions/" + i;
            TopicImage topic = images.current()
                    .topic(at.topic())
                    .orElseThrow(() -> Refusal.at(
                            Fault.UNKNOWN_TOPIC_OR_PARTITION,
                            pointer + "/topic",
                            "Topic '" + Parameters.shown(at.topic()) + "' does not exist."));
            if (at.partition() >= topic.partitions().size()) {
                throw Refusal.at(
                        Fault.UNKNOWN_TOPIC_OR_PARTITION,
                        pointer + "/partition",
                        "Topic '" + topic.name() + "' has no partition " + at.partition() + ".");
            }
            positions.addPartition(topic, at.partition(), at.offset());
        }
        return positions;
    }
}
