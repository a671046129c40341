package io.jofka.node.broker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** Counters of the broker layer. Thread-safe; the hot paths only add to a {@link LongAdder}. */
final class BrokerMetrics {
    final LongAdder producedBytes = new LongAdder();
    final LongAdder producedRecords = new LongAdder();
    final LongAdder producedBatches = new LongAdder();
    final LongAdder duplicateBatches = new LongAdder();
    final LongAdder refusedProduces = new LongAdder();
    final LongAdder unknownProduces = new LongAdder();
    final LongAdder fetchedBytes = new LongAdder();
    final LongAdder fetches = new LongAdder();
    final LongAdder fetchWaits = new LongAdder();

    BrokerMetrics(MeterRegistry registry) {
        counter(registry, "jofka.broker.produced.bytes", "Bytes of appended batches", producedBytes);
        counter(registry, "jofka.broker.produced.records", "Appended records", producedRecords);
        counter(registry, "jofka.broker.produced.batches", "Appended batches", producedBatches);
        counter(registry, "jofka.broker.produced.duplicates", "Batches that were in the log already", duplicateBatches);
        counter(registry, "jofka.broker.produce.refused", "Produces of which nothing was appended", refusedProduces);
        counter(registry, "jofka.broker.produce.unknown", "Produces with an unknown outcome", unknownProduces);
        counter(registry, "jofka.broker.fetched.bytes", "Bytes handed out by fetches", fetchedBytes);
        counter(registry, "jofka.broker.fetches", "Fetches", fetches);
        counter(registry, "jofka.broker.fetch.waits", "Times that a fetch waited for data", fetchWaits);
    }

    static <T> void gauge(MeterRegistry registry, String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
