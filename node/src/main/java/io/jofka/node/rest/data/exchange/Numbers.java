package io.jofka.node.rest.data.exchange;

import java.util.OptionalLong;

/** Reads numbers from parts of a request that have no type. */
public final class Numbers {
    private static final int MAX_DIGITS = 20;

    private Numbers() {}

    /** Decimal digits, with a minus or without, that fit a long; empty for anything else. */
    public static OptionalLong whole(String text) {
        boolean digits = !text.isEmpty() && text.length() <= MAX_DIGITS;
        for (int i = 0; i < text.length() && digits; i++) {
            char c = text.charAt(i);
            digits = (c >= '0' && c <= '9') || (i == 0 && c == '-' && text.length() > 1);
        }
        if (!digits) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
