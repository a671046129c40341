package io.jofka.node.boot;

import io.helidon.config.yaml.mp.YamlMpConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, weakest first: the table's defaults (50), META-INF/microprofile-config.properties (100),
 * {@code jofka.yaml} (250), environment variables (300), system properties (400), by MicroProfile Config's rules.
 */
public final class SettingsSources implements ConfigSourceProvider {
    private static final String FILE_KEY = "jofka.config";

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        Path file = file();
        return Files.exists(file) ? List.of(new Defaults(), readYaml(file)) : List.of(new Defaults());
    }

    private static Path file() {
        return Path.of(Optional.ofNullable(System.getProperty(FILE_KEY))
                .or(() -> Optional.ofNullable(System.getenv("JOFKA_CONFIG")))
                .orElse("jofka.yaml"));
    }

    private static ConfigSource readYaml(Path file) {
        try {
            ConfigSource parsed = YamlMpConfigSource.create(file);
            return new File(file, parsed.getProperties());
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
            if (!(source instanceof Defaults)) {
                names.addAll(source.getPropertyNames());
            }
        }
        names.remove(FILE_KEY);
        return Settings.read(key -> config.getOptionalValue(key, String.class), names);
    }

    private static final class Defaults implements ConfigSource {
        private final Map<String, String> values = new HashMap<>();

        Defaults() {
            for (Setting setting : SettingsTable.ALL) {
                if (!setting.defaultValue().isEmpty()) {
                    values.put(setting.key(), setting.defaultValue());
                }
            }
        }

        @Override
        public Map<String, String> getProperties() {
            return Map.copyOf(values);
        }

        @Override
        public Set<String> getPropertyNames() {
            return Set.copyOf(values.keySet());
        }

        @Override
        public @Nullable String getValue(String key) {
            return values.get(key);
        }

        @Override
        public String getName() {
            return "defaults of Jofka";
        }

        @Override
        public int getOrdinal() {
            return 50;
        }
    }

    private record File(Path path, Map<String, String> properties) implements ConfigSource {
        @Override
        public Map<String, String> getProperties() {
            return properties;
        }

        @Override
        public Set<String> getPropertyNames() {
            return properties.keySet();
        }

        @Override
        public @Nullable String getValue(String key) {
            return properties.get(key);
        }

        @Override
        public String getName() {
            return path.toString();
        }

        @Override
        public int getOrdinal() {
            return 250;
        }
    }
}
