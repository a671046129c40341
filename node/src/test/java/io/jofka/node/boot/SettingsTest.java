package io.jofka.node.boot;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    private static Settings read(Map<String, String> given) {
        return Settings.read(key -> Optional.ofNullable(given.get(key)), given.keySet());
    }

    private static List<String> faults(Map<String, String> given) {
        try {
            read(given);
            return List.of();
        } catch (Settings.BadSettings e) {
            return e.faults();
        }
    }

    @Test
    void everyDefaultIsValidAndNothingCountsAsChanged() {
        assertThat(read(Map.of()).changed(), empty());
    }

    @Test
    void unknownKeyIsRefusedAndTheNearestOneNamed() {
        assertThat(
                faults(Map.of("jofka.kafkaa.port", "1")).getFirst(),
                containsString("jofka.kafkaa.port is not a known key (did you mean jofka.kafka.port?)"));
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThat(
                faults(Map.of("server.port", "70000", "jofka.kafka.idle", "soon", "jofka.kafka.max-frame", "1")),
                containsInAnyOrder(
                        "server.port=70000 must be between 0 and 65535",
                        "jofka.kafka.idle=soon must be a duration such as 250ms, 30s, 10m, 7d or PT30S",
                        "jofka.kafka.max-frame=1 must be between 1024 and 1073741824 bytes"));
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "30s,30000", "10m,600000", "7d,604800000", "PT1.5S,1500", "12,12"})
    void durationsAreReadInMilliseconds(String text, long expectedMs) {
        assertThat(Units.durationMs(text), is(expectedMs));
    }

    @ParameterizedTest
    @CsvSource({"512,512", "64KiB,65536", "16MiB,16777216", "1g,1073741824", "2 TiB,2199023255552"})
    void sizesAreReadInBytes(String text, long expected) {
        assertThat(Units.sizeBytes(text), is(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "jofka.kafka.idle,''",
        "jofka.kafka.idle,9999999999999999999d",
        "jofka.rest.max-body,1e9",
        "server.port,0x10",
        "jofka.boot.train,yes",
        "jofka.data-dir,''"
    })
    void nonsenseIsRefused(String key, String value) {
        assertThat(faults(Map.of(key, value)).size(), is(1));
    }

    @Test
    void theConfigPageListsEveryKey() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Configuration of a node

                Set in `jofka.yaml` (in the folder where the node starts, or named by `-Djofka.config=FILE` or `JOFKA_CONFIG`),
                as environment variable (`jofka.kafka.port` is `JOFKA_KAFKA_PORT`) or on the command line
                (`./jofka up jofka.kafka.port=9093`); the later of these wins. A wrong value or an unknown `jofka.` key stops
                the start with a message that lists every fault. Sizes take KiB, MiB, GiB; durations ms, s, m, h, d or ISO 8601.

                | key | default | range | meaning |
                |---|---|---|---|
                """);
        for (Setting setting : SettingsTable.ALL) {
            String range = setting.min() == setting.max() ? "" : setting.min() + " to " + setting.max();
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            setting.key(),
                            setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`",
                            range,
                            setting.doc()));
        }
        Path file = Path.of("../docs/config.md");
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(file, page);
        }
        assertThat(Files.readString(file), is(page.toString()));
    }
}
