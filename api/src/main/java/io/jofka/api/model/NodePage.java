package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list; {@code total} counts all that match, {@code nextPageToken} is absent on the last page. */
public record NodePage(
        List<Node> items,
        @Nullable String nextPageToken,
        int total,
        String clusterId,
        @Nullable Integer controller) {}
