package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A living replica before an unclean election: where it ends (exclusive); absent where its node did not answer. */
public record ElectionCandidate(
        int node,
        @Nullable Integer lastEpoch,
        @Nullable Long logStartOffset,
        @Nullable Long logEndOffset,
        @Nullable Long highWatermark) {}
