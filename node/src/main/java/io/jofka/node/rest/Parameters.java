package io.jofka.node.rest;

import io.helidon.common.uri.UriQuery;
import io.jofka.api.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The query parameters of a request, checked: an unknown name, a name given twice or a value outside its range ends the
 * request with 400 {@code INVALID_PARAMETER}. Immutable.
 */
public final class Parameters {
    /** Longest part of a caller's text that is shown back. */
    private static final int SHOWN = 80;

    /** Longest value where the operation says nothing else; cursors are the longest. */
    private static final int MAX_TEXT = 65_536;

    private static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, String> values = new HashMap<>();

    /** {@code known} are all names that the operation takes. */
    public Parameters(Map<String, List<String>> query, String... known) {
        List<String> names = Arrays.asList(known);
        List<Problem.Pointer> faults = new ArrayList<>();
        query.forEach((name, given) -> {
            if (!names.contains(name)) {
                String takes = names.isEmpty() ? "it takes none" : "it takes " + String.join(", ", names);
                faults.add(fault(name, "'" + shown(name) + "' is not a parameter of this operation; " + takes + "."));
            } else if (given.size() != 1) {
                faults.add(fault(name, "'" + name + "' is given " + given.size() + " times."));
            } else {
                values.put(name, given.getFirst());
            }
        });
        if (!faults.isEmpty()) {
            throw new Refusal(
                    Problem.of(Fault.INVALID_PARAMETER, faults.getFirst().detail())
                            .errors(faults));
        }
    }

    /** The query of a request to an HTTP service. */
    public static Parameters of(UriQuery query, Collection<String> known) {
        return of(query, known.stream().sorted().toArray(String[]::new));
    }

    /** The query of a request to an HTTP service. */
    public static Parameters of(UriQuery query, String... known) {
        if (query.rawValue().isEmpty()) {
            return NONE;
        }
        Map<String, List<String>> all = new HashMap<>();
        try {
            for (String name : query.names()) {
                all.put(name, query.all(name));
            }
        } catch (IllegalArgumentException e) {
            throw new Refusal(Fault.INVALID_PARAMETER, "The query is not percent-encoded UTF-8.");
        }
        return new Parameters(all, known);
    }

    private static Problem.Pointer fault(String name, String detail) {
        return new Problem.Pointer("?" + shown(name), Fault.INVALID_PARAMETER.name(), detail);
    }

    public Optional<String> text(String name, int maxLength) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value.length() > maxLength) {
            throw Refusal.parameter(name, "'" + name + "' is longer than " + maxLength + " characters.");
        }
        return Optional.of(value);
    }

    public Optional<String> text(String name) {
        return text(name, MAX_TEXT);
    }

    /** Whether the caller gave it. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** One of the allowed words. */
    public String choice(String name, String absent, String... allowed) {
        String value = values.getOrDefault(name, absent);
        if (!Arrays.asList(allowed).contains(value)) {
            throw Refusal.parameter(
                    name, "'" + name + "' is one of " + String.join(", ", allowed) + ", not '" + shown(value) + "'.");
        }
        return value;
    }

    public Optional<Boolean> flag(String name) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> throw Refusal.parameter(name, "'" + name + "' is true or false, not '" + shown(value) + "'.");
        };
    }

    public int whole(String name, int min, int max, int absent) {
        return (int) whole(name, (long) min, (long) max, (long) absent);
    }

    public long whole(String name, long min, long max, long absent) {
        String value = values.get(name);
        return value == null ? absent : whole(name, value, min, max);
    }

    /** A whole number in its plain form; for path segments too. */
    public static long whole(String name, String value, long min, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max && value.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw Refusal.parameter(
                name, "'" + name + "' is a whole number from " + min + " to " + max + ", not '" + shown(value) + "'.");
    }

    /** A caller's text, short enough to be shown back. */
    public static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
