package io.jofka.node.rest.data.produce;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;

/**
 * A produce whose body is read whole before anything is appended: reads it, places the records, appends, answers.
 * Thread-safe.
 */
final class RecordProduce {
    static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");

    private final DataLimits limits;
    private final Gate bodies;
    private final Clock clock;
    private final StickyPartitions sticky;
    private final Appends appends;
    private final ProduceAnswer answer;
    private final IdempotentProduce idempotent;

    RecordProduce(
            DataLimits limits,
            Gate bodies,
            Clock clock,
            StickyPartitions sticky,
            Appends appends,
            ProduceAnswer answer,
            IdempotentProduce idempotent) {
        this.limits = limits;
        this.bodies = bodies;
        this.clock = clock;
        this.sticky = sticky;
        this.appends = appends;
        this.answer = answer;
        this.idempotent = idempotent;
    }

    void serve(ProduceCall call, RecordSource source) {
        TopicTarget target = call.target();
        if (call.request().headers().contains(IDEMPOTENCY_KEY)) {
            String key = call.request().headers().get(IDEMPOTENCY_KEY).get();
            try (Body body = Body.read(call.request(), limits.maxBodyBytes(), bodies)) {
                idempotent.serve(call, key, body, source);
            }
            return;
        }
        Placement placement = Placement.byKey(target.partitions(), sticky.of(target.topic()));
        Collected records = new Collected(target, call.partition(), placement, call.producer() != null, clock.wallMs());
        try (Body body = Body.read(call.request(), limits.maxBodyBytes(), bodies)) {
            source.read(body, records);
        }
        if (call.producer() != null) {
            records.writtenBy(call.producer());
        }
        answer.send(call, records, appends.append(target, records, call.options()));
    }
}
