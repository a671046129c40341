package io.jofka.node.storage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a log directory; adders on the hot path, read when scraped. */
final class LogMetrics {
    final LongAdder appends = new LongAdder();
    final LongAdder appendedBytes = new LongAdder();
    final LongAdder readSlices = new LongAdder();
    final LongAdder filesOpened = new LongAdder();
    final LongAdder segmentsRolled = new LongAdder();
    final LongAdder segmentsDeleted = new LongAdder();
    final LongAdder indexesRebuilt = new LongAdder();
    final LongAdder compactions = new LongAdder();
    final LongAdder compactedBytesFreed = new LongAdder();
    final LongAdder checkpoints = new LongAdder();
    final Timer forces;

    LogMetrics(MeterRegistry registry) {
        counter(registry, "jofka.log.appends", appends, "Appends, each one write to a segment");
        counter(registry, "jofka.log.appended.bytes", appendedBytes, "Bytes appended");
        counter(registry, "jofka.log.reads", readSlices, "Slices handed out");
        counter(registry, "jofka.log.files.opened", filesOpened, "Segment files opened");
        counter(registry, "jofka.log.segments.rolled", segmentsRolled, "Segments closed and followed by a new one");
        counter(registry, "jofka.log.segments.deleted", segmentsDeleted, "Segments deleted");
        counter(registry, "jofka.log.indexes.rebuilt", indexesRebuilt, "Indexes built anew from their segment");
        counter(registry, "jofka.log.compactions", compactions, "Compaction passes that changed a log");
        counter(registry, "jofka.log.compacted.bytes.freed", compactedBytesFreed, "Bytes freed by compaction");
        counter(registry, "jofka.log.checkpoints", checkpoints, "Checkpoints written");
        forces = Timer.builder("jofka.log.force")
                .description("Forces of a log to the disk")
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(100))
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, LongAdder adder, String description) {
        FunctionCounter.builder(name, adder, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
