package io.jofka.node.rest.data.read;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code GET /topics/{t}/records}: all partitions from a cursor, as a page, as NDJSON or as a live tail. Thread-safe. */
final class TopicRead {
    private static final Set<String> PARAMETERS = parameters();
    private static final List<String> ANSWERS = List.of(Media.JSON, Media.NDJSON, Media.SSE);
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");

    private final Images images;
    private final OffsetService offsets;
    private final DataLimits limits;
    private final ReadGates gates;
    private final TopicPage pages;
    private final RecordStream streams;
    private final LiveTail tails;

    TopicRead(
            Images images,
            OffsetService offsets,
            DataLimits limits,
            ReadGates gates,
            TopicPage pages,
            RecordStream streams,
            LiveTail tails) {
        this.images = images;
        this.offsets = offsets;
        this.limits = limits;
        this.gates = gates;
        this.pages = pages;
        this.streams = streams;
        this.tails = tails;
    }

    private static Set<String> parameters() {
        Set<String> names = new HashSet<>(Wish.PARAMETERS);
        names.add("cursor");
        names.add("from");
        return Set.copyOf(names);
    }

    void serve(ServerRequest request, ServerResponse response, TopicImage topic) {
        String type = Media.toAnswer(request.headers(), ANSWERS);
        Parameters params = Parameters.of(request.query(), PARAMETERS);
        Wish wish = Wish.of(params, limits);
        RecordFormat format = RecordFormat.of(params, !type.equals(Media.JSON));
        Gate gate = type.equals(Media.JSON) ? gates.of(wish.waitMs()) : gates.tails();
        gate.enter(1);
        try {
            Positions positions = positions(request, params, topic, wish, type.equals(Media.SSE));
            switch (type) {
                case Media.SSE -> tails.send(request, response, positions, wish, format);
                case Media.NDJSON ->
                    streams.send(
                            request,
                            response,
                            positions,
                            wish,
                            format,
                            params.has("maxRecords") ? wish.maxRecords() : -1);
                default -> pages.send(request, response, positions, wish, format, false);
            }
        } finally {
            gate.leave(1);
        }
    }

    /** A page begins at the earliest record and a tail at the end, unless the caller says where. */
    private Positions positions(ServerRequest request, Parameters params, TopicImage topic, Wish wish, boolean tail) {
        Positions positions = new Positions(offsets);
        String resumed = tail && request.headers().contains(LAST_EVENT_ID)
                ? request.headers().get(LAST_EVENT_ID).get()
                : "";
        if (params.has("cursor") && params.has("from")) {
            throw Refusal.parameter("from", "Only one of cursor and from may be given.");
        }
        if (resumed.isEmpty() && !params.has("cursor")) {
            OffsetSpec absent = tail ? new OffsetSpec.FromEnd(0) : new OffsetSpec.Earliest();
            positions.addTopic(topic, OffsetSpec.from(params, absent), wish.isolation());
            return positions;
        }
        String cursor = resumed.isEmpty() ? params.text("cursor").orElseThrow() : resumed;
        positions.resume(cursor, resumed.isEmpty() ? "?cursor" : "", images.current());
        if (!positions.isOnly(topic.id())) {
            throw Refusal.at(Fault.INVALID_PARAMETER, "?cursor", "The cursor is of another topic or call.");
        }
        return positions;
    }
}
