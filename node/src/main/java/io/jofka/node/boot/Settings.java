package io.jofka.node.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All settings of a node, each checked once at start. Immutable. */
final class Settings {
    private static final int MAX_TYPOS = 4;

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads every known key and refuses unknown ones.
     *
     * @param lookup the value of a key, if it is set anywhere
     * @param named keys that some source names, to find misspelt ones
     * @throws BadSettings with every fault found, not only the first
     */
    static Settings read(Function<String, Optional<String>> lookup, Iterable<String> named) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (Setting setting : SettingsTable.ALL) {
            String value = lookup.apply(setting.key()).orElse(setting.defaultValue());
            setting.fault(value).ifPresent(fault -> faults.add(setting.key() + "=" + value + " " + fault));
            values.put(setting.key(), value);
        }
        for (String key : named) {
            if (key.startsWith(SettingsTable.PREFIX) && !values.containsKey(key)) {
                faults.add(key + " is not a known key" + nearest(key));
            }
        }
        if (!faults.isEmpty()) {
            throw new BadSettings(faults);
        }
        return new Settings(values);
    }

    private static String nearest(String key) {
        return SettingsTable.ALL.stream()
                .map(Setting::key)
                .min(Comparator.comparingInt(known -> distance(known, key)))
                .filter(known -> distance(known, key) <= MAX_TYPOS)
                .map(known -> " (did you mean " + known + "?)")
                .orElse("; docs/config.md lists all keys");
    }

    /** Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalStateException("no setting " + key);
        }
        return value;
    }

    boolean flag(String key) {
        return text(key).equals("true");
    }

    int integer(String key) {
        return Math.toIntExact(number(key));
    }

    /** A number, milliseconds of a duration or bytes of a size. */
    long number(String key) {
        Setting setting = SettingsTable.byKey(key);
        return setting.parse(text(key));
    }

    Path path(String key) {
        return Path.of(text(key)).toAbsolutePath().normalize();
    }

    /** Keys whose value differs from the default, as {@code key=value}, in table order. */
    List<String> changed() {
        return SettingsTable.ALL.stream()
                .filter(setting -> !setting.defaultValue().equals(values.get(setting.key())))
                .map(setting -> setting.key() + "=" + values.get(setting.key()))
                .toList();
    }

    /** A configuration that must not start a node. */
    static final class BadSettings extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<String> faults;

        BadSettings(List<String> faults) {
            super("The configuration is not valid:\n  " + String.join("\n  ", faults));
            this.faults = List.copyOf(faults);
        }

        List<String> faults() {
            return faults;
        }
    }
}
