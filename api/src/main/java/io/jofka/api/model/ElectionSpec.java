package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/**
 * Who shall lead a partition: the first replica ({@code preferred}), the one on {@code node}, or, where none in sync is
 * running and {@code acceptLoss} says that a loss is accepted, the one that has most, or the one on {@code node}.
 */
public record ElectionSpec(
        @Nullable Boolean preferred,
        @Nullable Boolean acceptLoss,
        @Nullable Integer node) {}
