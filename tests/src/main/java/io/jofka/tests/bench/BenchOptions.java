package io.jofka.tests.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The arguments of a benchmark: words that say what to measure, and {@code name=value}. */
final class BenchOptions {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> words = new TreeSet<>();

    BenchOptions(String[] args) {
        for (String argument : args) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                values.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                words.add(argument);
            }
        }
    }

    boolean has(String word) {
        return words.contains(word);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    /** Where figures go. */
    Path out(Path otherwise) {
        return Path.of(text("out", otherwise.toString()));
    }
}
