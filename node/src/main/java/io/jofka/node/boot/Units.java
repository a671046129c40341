package io.jofka.node.boot;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and sizes as people write them; throws {@link IllegalArgumentException} for anything else. */
final class Units {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d{1,18}) ?([A-Za-z]*)");

    private Units() {}

    static long durationMs(String text) {
        if (text.startsWith("P") || text.startsWith("p")) {
            try {
                return Duration.parse(text).toMillis();
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(text, e);
            }
        }
        Matcher matcher = match(text);
        long factor = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "", "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException(text);
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    }

    static long sizeBytes(String text) {
        Matcher matcher = match(text);
        long factor = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "t", "tib" -> 1L << 40;
            default -> throw new IllegalArgumentException(text);
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    }

    private static Matcher match(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }
}
