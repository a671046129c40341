package io.jofka.node.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that a kind of resource knows, in the order of the reference page. Immutable. */
public final class ConfigTable {
    private final Map<String, ConfigKey> keys;

    ConfigTable(List<ConfigKey> rows) {
        Map<String, ConfigKey> byName = new LinkedHashMap<>();
        for (ConfigKey row : rows) {
            Optional<String> wrong = row.problem(row.defaultValue());
            if (byName.put(row.name(), row) != null || wrong.isPresent()) {
                throw new IllegalStateException("row " + row.name() + ": " + wrong.orElse("twice"));
            }
        }
        keys = Collections.unmodifiableMap(byName);
    }

    public Collection<ConfigKey> keys() {
        return keys.values();
    }

    public Optional<ConfigKey> key(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** What is wrong with one setting, as a whole sentence; empty when it is valid. */
    public Optional<String> problem(String name, String value) {
        ConfigKey key = keys.get(name);
        if (key == null) {
            return Optional.of("Unknown configuration '" + Quoted.of(name) + "'");
        }
        return key.problem(value).map(wrong -> name + " " + wrong);
    }
}
