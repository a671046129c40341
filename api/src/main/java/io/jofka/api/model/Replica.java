package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A replica of a partition; its end and lag are absent where the node that answers does not know them. */
public record Replica(
        int node,
        boolean inSync,
        @Nullable Long logEndOffset,
        @Nullable Long lagRecords) {}
