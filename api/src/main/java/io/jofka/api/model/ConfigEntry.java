package io.jofka.api.model;

/** A configuration in force: its value as text, and who set it. */
public record ConfigEntry(
        String name,
        String value,
        String type,
        String source,
        boolean isDefault,
        String defaultValue,
        boolean readOnly,
        boolean sensitive,
        String documentation) {}
