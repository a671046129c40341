package io.jofka.node.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of an ordered list: the items after a key, at most {@code limit}. The token is the key of the last item, so that
 * a page stays right while the list changes, on every node.
 *
 * @param after the key after which the page begins; empty for the first page
 */
public record Paging(int limit, Optional<String> after) {
    public static final int MAX_LIMIT = 1000;

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_TOKEN = 1024;

    /** From the parameters {@code limit} and {@code pageToken}. */
    public static Paging of(Parameters parameters) {
        int limit = parameters.whole("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        return new Paging(limit, parameters.text("pageToken", MAX_TOKEN).map(Paging::key));
    }

    private static String key(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith("k")) {
                return text.substring(1);
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw Refusal.parameter("pageToken", "'pageToken' is not one that this list gave out.");
    }

    private static String token(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("k" + key).getBytes(StandardCharsets.UTF_8));
    }

    /** The page of a list that is in the order of its text keys. */
    public <T> Slice<T> byText(Iterable<T> sorted, Function<T, String> keyOf) {
        return slice(sorted, keyOf, key -> after.map(a -> key.compareTo(a) > 0).orElse(true));
    }

    /** The page of a list that is in the order of its numbers. */
    public <T> Slice<T> byNumber(Iterable<T> sorted, Function<T, Long> keyOf) {
        long from;
        try {
            from = after.map(Long::parseLong).orElse(Long.MIN_VALUE);
        } catch (NumberFormatException e) {
            throw Refusal.parameter("pageToken", "'pageToken' is not one that this list gave out.");
        }
        boolean first = after.isEmpty();
        return slice(sorted, item -> Long.toString(keyOf.apply(item)), key -> first || Long.parseLong(key) > from);
    }

    private <T> Slice<T> slice(
            Iterable<T> sorted, Function<T, String> keyOf, java.util.function.Predicate<String> isAfter) {
        List<T> items = new ArrayList<>();
        int total = 0;
        boolean more = false;
        for (T item : sorted) {
            total++;
            if (isAfter.test(keyOf.apply(item))) {
                if (items.size() < limit) {
                    items.add(item);
                } else {
                    more = true;
                }
            }
        }
        Optional<String> next = more ? Optional.of(token(keyOf.apply(items.getLast()))) : Optional.empty();
        return new Slice<>(items, next, total);
    }

    /** Items of one page; {@code total} counts the whole list. */
    public record Slice<T>(List<T> items, Optional<String> nextPageToken, int total) {
        public <R> List<R> map(Function<T, R> view) {
            return items.stream().map(view).toList();
        }
    }
}
