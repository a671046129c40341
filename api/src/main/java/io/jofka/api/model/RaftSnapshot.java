package io.jofka.api.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A metadata snapshot. */
public record RaftSnapshot(
        long index,
        int term,
        long sizeBytes,
        String store,
        @Nullable Instant takenAt) {}
