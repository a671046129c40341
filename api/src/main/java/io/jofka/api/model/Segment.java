package io.jofka.api.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A segment file; {@code endOffset} is exclusive. */
public record Segment(
        long baseOffset,
        long endOffset,
        long sizeBytes,
        @Nullable Instant maxTimestamp,
        boolean active) {}
