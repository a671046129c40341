package io.jofka.api.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configurations to change; null returns to the default. */
public record ConfigPatch(Map<String, @Nullable Object> configs) {}
