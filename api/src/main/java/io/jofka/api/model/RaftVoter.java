package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A voter as the node that answers sees it. */
public record RaftVoter(
        int node,
        String directoryId,
        long logEndOffset,
        long lagRecords,
        @Nullable Long lastFetchMsAgo) {}
