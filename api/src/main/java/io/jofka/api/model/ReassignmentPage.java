package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves of replicas; the throttle is absent when there is none. */
public record ReassignmentPage(
        List<Reassignment> items,
        @Nullable String nextPageToken,
        int total,
        @Nullable Long throttleBytesPerSecond) {}
