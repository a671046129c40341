package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A voter, or one that only follows, as the leader of the quorum sees it; absent is what is not known. */
public record RaftVoter(
        int node,
        String directoryId,
        @Nullable Long logEndOffset,
        @Nullable Long lagRecords,
        @Nullable Long lastFetchMsAgo,
        @Nullable Long lastCaughtUpMsAgo) {}
