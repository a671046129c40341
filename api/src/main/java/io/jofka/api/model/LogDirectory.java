package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/** A log directory of the node that answers. */
public record LogDirectory(
        String path, boolean online, @Nullable String offlineReason, long totalBytes, long usableBytes) {}
