package io.jofka.api.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A producer that a partition remembers. */
public record PartitionProducer(
        long producerId,
        int producerEpoch,
        int lastSequence,
        Instant lastTimestamp,
        @Nullable Long openTransactionStartOffset) {}
