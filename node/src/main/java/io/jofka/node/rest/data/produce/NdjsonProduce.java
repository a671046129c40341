package io.jofka.node.rest.data.produce;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.exchange.StallGuard;

/**
 * A stream of records, one a line, of any length in all: lines are batched while they arrive, appended in pipelined
 * batches, and answered by one line each, in order, then a summary. Memory is bounded; a caller that does not read its
 * answers while it sends is slowed down once {@link Backlog} is full, and cut when it stands still. Thread-safe.
 */
final class NdjsonProduce {
    private static final Header TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.NDJSON);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    /** What one stream may hold: chunks, a batch being filled, batches in flight, answers. */
    private static final int HELD_BYTES = 4 << 20;

    private final DataLimits limits;
    private final Gate bodies;
    private final StallGuard stalls;
    private final Clock clock;
    private final StickyPartitions sticky;
    private final Appends appends;
    private final Answers answers;

    NdjsonProduce(
            DataLimits limits,
            Gate bodies,
            StallGuard stalls,
            Clock clock,
            StickyPartitions sticky,
            Appends appends,
            Answers answers) {
        this.limits = limits;
        this.bodies = bodies;
        this.stalls = stalls;
        this.clock = clock;
        this.sticky = sticky;
        this.appends = appends;
        this.answers = answers;
    }

    void serve(ProduceCall call) {
        if (call.producer() != null) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER,
                    "Producer headers number one batch; a stream of lines makes many of them.");
        }
        ServerRequest request = call.request();
        if (request.headers().contains(RecordProduce.IDEMPOTENCY_KEY)) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER,
                    "A stream of lines has no end to remember; use an Idempotency-Key with JSON.");
        }
        if (!request.content().hasEntity()) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The body is empty.");
        }
        long held = HELD_BYTES + 2L * limits.maxLineBytes();
        bodies.enter(held);
        try {
            call.response().header(TYPE);
            call.response().header(NO_STORE);
            Placement placement = Placement.byKey(
                    call.target().partitions(), sticky.of(call.target().topic()));
            try (Backlog backlog = Backlog.open(
                            call.response().outputStream(), stalls, bodies, limits.maxAnswerBacklogBytes());
                    BodyChunks chunks = BodyChunks.start(request)) {
                LineResults results = new LineResults(call, answers, backlog);
                new LineProducer(call, limits, clock, placement, appends, results).run(chunks);
                backlog.finish();
            }
        } finally {
            bodies.leave(held);
        }
    }
}
