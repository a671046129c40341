package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A replica of a partition as its leader sees it; absent is what the leader has not heard, or was not asked in time. */
public record Replica(
        int node,
        boolean inSync,
        @Nullable Long logEndOffset,
        @Nullable Long lagRecords,
        @Nullable Long lastFetchMsAgo) {}
