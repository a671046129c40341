package io.jofka.node.boot;

import java.util.Optional;

/**
 * One configuration key: lower-case dashed name, default as text, what values are good, one sentence for docs/config.md.
 */
record Setting(String key, String defaultValue, Kind kind, long min, long max, String doc) {
    /** How a value is read. */
    enum Kind {
        TEXT,
        FLAG,
        NUMBER,
        /** ISO-8601 duration such as PT30S, or a plain number with unit such as 250ms, 30s, 10m, 7d. */
        DURATION,
        /** Bytes, with an optional unit: 512, 64KiB, 16MiB, 1GiB. */
        SIZE,
        PATH
    }

    static Setting text(String key, String defaultValue, String doc) {
        return new Setting(key, defaultValue, Kind.TEXT, 0, 0, doc);
    }

    static Setting flag(String key, boolean defaultValue, String doc) {
        return new Setting(key, Boolean.toString(defaultValue), Kind.FLAG, 0, 0, doc);
    }

    static Setting number(String key, long defaultValue, long min, long max, String doc) {
        return new Setting(key, Long.toString(defaultValue), Kind.NUMBER, min, max, doc);
    }

    /** Bounds are in milliseconds. */
    static Setting duration(String key, String defaultValue, long minMs, long maxMs, String doc) {
        return new Setting(key, defaultValue, Kind.DURATION, minMs, maxMs, doc);
    }

    static Setting size(String key, String defaultValue, long min, long max, String doc) {
        return new Setting(key, defaultValue, Kind.SIZE, min, max, doc);
    }

    static Setting path(String key, String defaultValue, String doc) {
        return new Setting(key, defaultValue, Kind.PATH, 0, 0, doc);
    }

    /** What is wrong with a value, in words for the person who wrote it. */
    Optional<String> fault(String value) {
        return switch (kind) {
            case TEXT, PATH ->
                value.isBlank() && !defaultValue.isEmpty() ? Optional.of("must not be empty") : Optional.empty();
            case FLAG ->
                value.equals("true") || value.equals("false") ? Optional.empty() : Optional.of("must be true or false");
            case NUMBER, DURATION, SIZE -> numberFault(value);
        };
    }

    private Optional<String> numberFault(String value) {
        long number;
        try {
            number = parse(value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.of(
                    switch (kind) {
                        case DURATION -> "must be a duration such as 250ms, 30s, 10m, 7d or PT30S";
                        case SIZE -> "must be a size such as 512, 64KiB, 16MiB or 1GiB";
                        case NUMBER, TEXT, FLAG, PATH -> "must be a whole number";
                    });
        }
        if (number < min || number > max) {
            String unit = kind == Kind.DURATION ? " ms" : kind == Kind.SIZE ? " bytes" : "";
            return Optional.of("must be between " + min + " and " + max + unit);
        }
        return Optional.empty();
    }

    /** The value as a number: ms for a duration, bytes for a size. */
    long parse(String value) {
        String text = value.strip();
        return switch (kind) {
            case DURATION -> Units.durationMs(text);
            case SIZE -> Units.sizeBytes(text);
            case NUMBER, TEXT, FLAG, PATH -> Long.parseLong(text);
        };
    }
}
