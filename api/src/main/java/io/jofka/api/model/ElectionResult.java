package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, or on a dry run would. Where {@code unclean}, records at and beyond {@code lostFromOffset} that were
 * acknowledged and that only dead replicas have are lost; absent when nothing is.
 */
public record ElectionResult(
        String topic,
        int partition,
        int leader,
        @Nullable Integer leaderEpoch,
        boolean unclean,
        @Nullable Long lostFromOffset,
        List<ElectionCandidate> candidates) {}
