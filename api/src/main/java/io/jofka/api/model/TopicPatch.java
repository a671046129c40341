package io.jofka.api.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A merge patch of a topic: its new number of partitions, and configurations where null returns to the default. */
public record TopicPatch(
        @Nullable Integer partitions, @Nullable Map<String, @Nullable Object> configs) {}
