package io.jofka.node.kafka;

import io.jofka.node.common.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What the Kafka listener exports: {@code jofka_kafka_*}. Thread-safe. */
final class ListenerMetrics {
    private final Clock clock;
    private final List<ApiMeter> byKey = new ArrayList<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder bugs = new LongAdder();

    /** Counts of one API. */
    static final class ApiMeter {
        private final LongAdder answers = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder requestBytes = new LongAdder();

        void received(int bytes) {
            requestBytes.add(bytes);
        }

        void answered(long tookNanos) {
            answers.increment();
            nanos.add(tookNanos);
        }
    }

    ListenerMetrics(MeterRegistry registry, ApiTable apis, Clock clock) {
        this.clock = clock;
        for (Api<?> api : apis.all()) {
            while (byKey.size() <= api.key().id) {
                byKey.add(new ApiMeter());
            }
            register(registry, api.key().name, byKey.get(api.key().id));
        }
        counter(registry, "jofka.kafka.connections.accepted", "Connections accepted", accepted);
        counter(registry, "jofka.kafka.connections.refused", "Connections refused by the limit", refused);
        counter(
                registry,
                "jofka.kafka.protocol.violations",
                "Connections closed for breaking the protocol",
                violations);
        counter(registry, "jofka.kafka.connections.timed.out", "Connections closed by a time limit", timeouts);
        counter(registry, "jofka.kafka.faults", "Requests that met a bug of this node", bugs);
    }

    private static void register(MeterRegistry registry, String api, ApiMeter meter) {
        FunctionTimer.builder(
                        "jofka.kafka.requests", meter, m -> m.answers.sum(), m -> m.nanos.sum(), TimeUnit.NANOSECONDS)
                .description("Requests answered, and the time from parsed to encoded")
                .tag("api", api)
                .register(registry);
        FunctionCounter.builder("jofka.kafka.request.bytes", meter, m -> m.requestBytes.sum())
                .description("Bytes of requests received")
                .baseUnit("bytes")
                .tag("api", api)
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    void gauge(MeterRegistry registry, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    long nanos() {
        return clock.nanos();
    }

    ApiMeter of(Api<?> api) {
        return byKey.get(api.key().id);
    }

    void connectionAccepted() {
        accepted.increment();
    }

    void connectionRefused() {
        refused.increment();
    }

    void violation() {
        violations.increment();
    }

    void timeout() {
        timeouts.increment();
    }

    void bug() {
        bugs.increment();
    }
}
