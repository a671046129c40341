package io.jofka.node.rest.data.exchange;

import io.jofka.api.fault.Fault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the REST data path exports: {@code jofka.rest.data.*}, described in docs/metrics.md. Requests only add to a {@link
 * LongAdder}; nothing is looked up by name. Thread-safe.
 */
public final class DataMetrics {
    /** The operations of the data path, named as in the OpenAPI document. */
    public enum Operation {
        PRODUCE_RECORDS("produceRecords"),
        PRODUCE_BYTES("produceBytes"),
        PRODUCE_PARTITION_RECORDS("producePartitionRecords"),
        PRODUCE_BATCHES("produceBatches"),
        CREATE_PRODUCER("createProducer"),
        READ_TOPIC("readTopic"),
        READ_PARTITION("readPartition"),
        READ_BATCHES("readBatches"),
        FETCH_RECORDS("fetchRecords"),
        LIST_OFFSETS("listOffsets"),
        TRUNCATE_PARTITION("truncatePartition"),
        /** A method that the address does not have, or an address that cannot be read. */
        NONE("none");

        private final String id;

        Operation(String id) {
            this.id = id;
        }
    }

    private static final String[] OUTCOMES = {"2xx", "4xx", "5xx", "gone"};
    private static final int GONE = 3;

    /** Filled by the constructor, only read after it. */
    private final Map<Operation, LongAdder[]> requests = new EnumMap<>(Operation.class);

    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder recordsOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final Map<Fault, LongAdder> tooLarge = new EnumMap<>(Map.of(
            Fault.BODY_TOO_LARGE, new LongAdder(),
            Fault.RECORD_TOO_LARGE, new LongAdder(),
            Fault.RECORD_LIST_TOO_LARGE, new LongAdder()));
    private final MeterRegistry registry;

    public DataMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Operation operation : Operation.values()) {
            requests.put(operation, adders(OUTCOMES.length));
            for (int outcome = 0; outcome < OUTCOMES.length; outcome++) {
                FunctionCounter.builder("jofka.rest.data.requests", adder(operation, outcome), LongAdder::sum)
                        .description("Requests that ended, by operation and status; gone: the caller went away")
                        .tag("operation", operation.id)
                        .tag("status", OUTCOMES[outcome])
                        .register(registry);
            }
        }
        moved("records", "Records appended (in) and given to readers (out)", recordsIn, recordsOut);
        moved("bytes", "Bytes of batches appended (in) and read for answers (out)", bytesIn, bytesOut);
        tooLarge.forEach((fault, count) -> refusals(
                switch (fault) {
                    case BODY_TOO_LARGE -> "body";
                    case RECORD_TOO_LARGE -> "record";
                    default -> "batch";
                },
                count));
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    private LongAdder adder(Operation operation, int outcome) {
        return Objects.requireNonNull(requests.get(operation))[outcome];
    }

    private void moved(String what, String description, LongAdder in, LongAdder out) {
        for (LongAdder one : new LongAdder[] {in, out}) {
            FunctionCounter.builder("jofka.rest.data." + what, one, LongAdder::sum)
                    .description(description)
                    .tag("direction", one.equals(in) ? "in" : "out")
                    .register(registry);
        }
    }

    private void refusals(String limit, LongAdder count) {
        FunctionCounter.builder("jofka.rest.data.refusals", count, LongAdder::sum)
                .description("Requests refused by a limit")
                .tag("limit", limit)
                .register(registry);
    }

    /** Exports what is taken of a gate, its limit and its refusals. */
    public void gate(String name, Gate gate) {
        refusals(name, gate.refusals());
        Gauge.builder("jofka.rest.data.taken", gate, Gate::taken)
                .description("Requests, long polls, tails and bytes of bodies held now")
                .tag("limit", name)
                .strongReference(true)
                .register(registry);
        Gauge.builder("jofka.rest.data.limit", gate, Gate::limit)
                .description("How much of each may be held at one time")
                .tag("limit", name)
                .strongReference(true)
                .register(registry);
    }

    /** A request was answered with this status, or a stream that began with it has ended. */
    public void answered(Operation operation, int status) {
        adder(operation, status < 400 ? 0 : status < 500 ? 1 : 2).increment();
    }

    /** The connection ended before the answer did. */
    public void gone(Operation operation) {
        adder(operation, GONE).increment();
    }

    public void refused(Fault fault) {
        LongAdder count = tooLarge.get(fault);
        if (count != null) {
            count.increment();
        }
    }

    public void appended(long records, int bytes) {
        recordsIn.add(records);
        bytesIn.add(bytes);
    }

    /** {@code records} given of {@code bytes} of batches. */
    public void read(int records, long bytes) {
        recordsOut.add(records);
        bytesOut.add(bytes);
    }
}
