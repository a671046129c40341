package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.TopicPartition;
import java.util.concurrent.CompletableFuture;

/** Finds the partitions that this node serves. Thread-safe, never blocks. */
@FunctionalInterface
interface PartitionLookup {
    Found find(TopicPartition partition);

    sealed interface Found {
        record Here(PartitionLoop loop) implements Found {}

        /** Its log is being opened; the future never fails and has another answer. */
        record Opening(CompletableFuture<Found> opened) implements Found {}

        record NotHere(Fault fault, String detail) implements Found {}
    }
}
