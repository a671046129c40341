package io.jofka.node.rest.data.exchange;

import io.helidon.common.uri.UriQuery;
import io.jofka.api.fault.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The query parameters of a request. An unknown or repeated name is refused, so that a typing mistake never silently
 * changes what a call does. Every refusal is a 400 that names the parameter.
 */
public final class Params {
    private final UriQuery query;
    private final boolean empty;

    private Params(UriQuery query, boolean empty) {
        this.query = query;
        this.empty = empty;
    }

    public static Params of(UriQuery query, Set<String> known) {
        if (query.rawValue().isEmpty()) {
            return new Params(query, true);
        }
        Params params = new Params(query, false);
        for (String name : query.names()) {
            if (!known.contains(name)) {
                throw refusal(
                        name,
                        known.isEmpty()
                                ? "This operation has no parameters."
                                : "Parameter is not known; known are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()) + ".");
            }
            if (params.values(name).size() > 1) {
                throw refusal(name, "Parameter is given more than once.");
            }
        }
        return params;
    }

    private List<String> values(String name) {
        try {
            return query.all(name);
        } catch (IllegalArgumentException badEncoding) {
            throw refusal(name, "Value is not percent-encoded UTF-8.");
        }
    }

    private static Refusal refusal(String name, String detail) {
        return Refusal.at(Fault.INVALID_PARAMETER, "?" + name, detail);
    }

    /** The value as written (decoded); empty when the parameter is absent. */
    public Optional<String> text(String name) {
        return empty || !query.contains(name)
                ? Optional.empty()
                : Optional.of(values(name).getFirst());
    }

    public boolean has(String name) {
        return !empty && query.contains(name);
    }

    /** A whole number in {@code [min, max]}. */
    public int number(String name, int absent, int min, int max) {
        return (int) number(name, (long) absent, min, max);
    }

    public long number(String name, long absent, long min, long max) {
        return text(name)
                .map(text -> {
                    OptionalLong value = whole(text);
                    if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
                        throw refusal(name, "Value must be a whole number from " + min + " to " + max + ".");
                    }
                    return value.getAsLong();
                })
                .orElse(absent);
    }

    /** {@code true} or {@code false}; absent is false. */
    public boolean flag(String name) {
        return choice(name, "false", "true", "false").equals("true");
    }

    public String choice(String name, String absent, String... allowed) {
        String value = text(name).orElse(absent);
        if (!Arrays.asList(allowed).contains(value)) {
            throw refusal(name, "Value must be one of " + String.join(", ", allowed) + ".");
        }
        return value;
    }

    /** Decimal digits, with a sign or without, that fit a long; empty for anything else. */
    public static OptionalLong whole(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 20;
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
