package io.jofka.node.boot;

import io.helidon.config.yaml.mp.YamlMpConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, weakest first: the table's defaults (50), META-INF/microprofile-config.properties (100),
 * the keys derived for Helidon (110), {@code jofka.yaml} (250), environment variables (300), system properties (400), by MicroProfile Config's rules.
 */
public final class SettingsSources implements ConfigSourceProvider {
    private static final String FILE_KEY = "jofka.config";
    private static final int DEFAULTS_ORDINAL = 50;
    private static final int HELIDON_ORDINAL = 110;
    private static final int FILE_ORDINAL = 250;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        Path file = file();
        List<ConfigSource> sources = new ArrayList<>();
        sources.add(new Values("defaults of Jofka", DEFAULTS_ORDINAL, defaults()));
        Map<String, String> fromFile = Files.exists(file) ? readYaml(file) : Map.of();
        if (!fromFile.isEmpty()) {
            sources.add(new Values(file.toString(), FILE_ORDINAL, fromFile));
        }
        sources.add(new Values("for Helidon", HELIDON_ORDINAL, HelidonKeys.derive(key -> raw(key, fromFile))));
        return sources;
    }

    /** The text of one of our keys by the order of the sources, before there is a configuration to ask. */
    private static String raw(String key, Map<String, String> fromFile) {
        String environmentKey = key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return Optional.ofNullable(System.getProperty(key))
                .or(() -> Optional.ofNullable(System.getenv(environmentKey)))
                .or(() -> Optional.ofNullable(fromFile.get(key)))
                .orElse(SettingsTable.byKey(key).defaultValue());
    }

    private static Path file() {
        return Path.of(Optional.ofNullable(System.getProperty(FILE_KEY))
                .or(() -> Optional.ofNullable(System.getenv("JOFKA_CONFIG")))
                .orElse("jofka.yaml"));
    }

    private static Map<String, String> readYaml(Path file) {
        try {
            return YamlMpConfigSource.create(file).getProperties();
        } catch (RuntimeException e) {
            throw new Settings.BadSettings(List.of(file + " cannot be read as YAML"));
        }
    }

    /** Checks everything once; also that a file that was named exists. */
    static Settings read(Config config) {
        String named = System.getProperty(FILE_KEY);
        if (named != null && !Files.isReadable(Path.of(named))) {
            throw new Settings.BadSettings(List.of("the file " + named + " does not exist or cannot be read"));
        }
        Set<String> names = new LinkedHashSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            names.addAll(source.getPropertyNames());
        }
        names.remove(FILE_KEY);
        return Settings.read(key -> config.getOptionalValue(key, String.class), names);
    }

    private static Map<String, String> defaults() {
        Map<String, String> values = new HashMap<>();
        for (Setting setting : SettingsTable.ALL) {
            if (!setting.defaultValue().isEmpty()) {
                values.put(setting.key(), setting.defaultValue());
            }
        }
        return Map.copyOf(values);
    }

    private record Values(String name, int ordinal, Map<String, String> values) implements ConfigSource {
        @Override
        public Map<String, String> getProperties() {
            return values;
        }

        @Override
        public Set<String> getPropertyNames() {
            return values.keySet();
        }

        @Override
        public @Nullable String getValue(String key) {
            return values.get(key);
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getOrdinal() {
            return ordinal;
        }
    }
}
