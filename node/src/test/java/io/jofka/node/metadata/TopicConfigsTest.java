package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, defaults and ranges are Kafka's, held against the table in Kafka's own jar. */
class TopicConfigsTest {
    private static final Set<String> NOT_KAFKAS = Set.of("durability", "message.downconversion.enable");

    @Test
    void everyKeyHasKafkasTypeDefaultAndSynonym() {
        for (ConfigKey key : TopicConfigs.table().keys()) {
            if (NOT_KAFKAS.contains(key.name())) {
                continue;
            }
            ConfigDef.ConfigKey theirs =
                    Objects.requireNonNull(LogConfig.configKeys().get(key.name()), key.name());
            assertThat(key.name(), key.type().name(), is(theirs.type.name()));
            String value = ConfigDef.convertToString(theirs.defaultValue, theirs.type);
            assertThat(key.name(), key.defaultValue(), is(value));
            String synonym = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.getOrDefault(key.name(), "");
            assertThat(key.name(), key.nodeKey(), is(synonym));
        }
    }

    @Test
    void everyKeyOfKafkaIsKnownOrBelongsToAFeatureThatIsNotServed() {
        for (String name : LogConfig.nonInternalConfigNames()) {
            boolean notServed = name.startsWith("remote.")
                    || name.startsWith("local.")
                    || name.startsWith("errors.")
                    || name.equals("max.decompressed.message.bytes");
            assertThat(name, TopicConfigs.table().key(name).isPresent(), is(!notServed));
        }
    }

    @Test
    void whatKafkaRefusesIsRefusedAndWhatItTakesIsTaken() {
        String[] values = {
            "",
            "-2",
            "-1",
            "0",
            "1",
            "4",
            "5.5",
            "0.5",
            "9",
            "10",
            "18",
            "22",
            "23",
            "-131073",
            "1048575",
            "1048576",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "true",
            "TRUE",
            "no",
            "gzip",
            "none",
            "compact",
            "compact,delete",
            "compact, delete",
            "compact,compact",
            "CreateTime",
            "x,y",
            "*",
            "1:2",
            "1:2,3:4",
            "1:",
            "1e3",
            " 7 ",
            "0x10",
            "٣"
        };
        for (ConfigKey key : TopicConfigs.table().keys()) {
            if (NOT_KAFKAS.contains(key.name()) || key.name().equals("retention.bytes")) {
                continue;
            }
            ConfigDef def = LogConfig.configDefCopy();
            for (String value : values) {
                boolean theirs = kafkaTakes(def, key.name(), value);
                assertThat(key.name() + "=" + value, key.problem(value).isEmpty(), is(theirs));
            }
        }
    }

    private static boolean kafkaTakes(ConfigDef def, String name, String value) {
        try {
            ConfigDef.ConfigKey key = Objects.requireNonNull(def.configKeys().get(name), name);
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "durability,forced,true",
        "durability,replicated,true",
        "durability,Forced,false",
        "retention.bytes,-2,false"
    })
    void ourOwnKeysAreChecked(String name, String value, boolean valid) {
        assertThat(TopicConfigs.table().problem(name, value).isEmpty(), is(valid));
    }

    @Test
    void unknownKeysAreRefusedWithoutEchoingControlCharacters() {
        Optional<String> problem = TopicConfigs.table().problem("bad\nkey", "1");
        assertThat(problem, equalTo(Optional.of("Unknown configuration 'bad?key'")));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        Map<String, String> configs = Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "9");
        assertThat(TopicConfigs.conflict(configs), is(not(Optional.empty())));
    }

    @Test
    void theReferencePageIsWhatTheTableSays() throws IOException {
        Path page = Path.of("..", "docs", "config-topics.md");
        String expected = page();
        if (System.getProperty("golden", "").equals("update")) {
            Files.writeString(page, expected);
        }
        assertThat("run with -Dgolden=update", Files.readString(page), is(expected));
    }

    private static String page() {
        StringBuilder text = new StringBuilder("""
                # Topic configuration

                Generated from the table in the code (`TopicConfigs`); a test holds this page against it. Names, \
                defaults and ranges are those of Apache Kafka 4.4; `durability` is ours. A topic's own setting wins over \
                the node's, then the cluster's dynamic setting under the name in the column *default from*, then the \
                node's start configuration, then the default below. Keys without effect are accepted because tools set \
                them.

                | key | type | default | valid | default from | meaning |
                |---|---|---|---|---|---|
                """);
        TopicConfigs.table().keys().forEach(key -> row(text, key));
        text.append("""

                ## Nodes and cluster-wide defaults

                Set on one node, or with an empty node name for all nodes. Every key of the column *default from* above, \
                and:

                | key | type | default | valid | default from | meaning |
                |---|---|---|---|---|---|
                """);
        for (String name : new String[] {
            NodeConfigs.AUTO_CREATE_TOPICS, NodeConfigs.DEFAULT_REPLICATION_FACTOR, NodeConfigs.NUM_PARTITIONS
        }) {
            row(text, NodeConfigs.table().key(name).orElseThrow());
        }
        return text.toString();
    }

    private static void row(StringBuilder text, ConfigKey key) {
        text.append("| `%s` | %s | `%s` | %s | %s | %s |\n"
                .formatted(
                        key.name(),
                        key.type().name().toLowerCase(Locale.ROOT),
                        key.defaultValue(),
                        key.check().range(),
                        key.nodeKey().isEmpty() ? "" : "`" + key.nodeKey() + "`",
                        key.doc()));
    }
}
