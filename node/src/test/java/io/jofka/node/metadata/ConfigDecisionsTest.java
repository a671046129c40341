package io.jofka.node.metadata;

import static io.jofka.node.metadata.MachineFixture.accepted;
import static io.jofka.node.metadata.MachineFixture.faultOf;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.EffectiveConfig.Source;
import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.ConfigChange;
import io.jofka.node.metadata.MetadataCommand.ConfigOp;
import io.jofka.node.metadata.MetadataCommand.ConfigOp.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigDecisionsTest {
    private final MachineFixture cluster = new MachineFixture().nodes(1);

    @BeforeEach
    void aTopic() {
        accepted(cluster.create(cluster.topic("t", Map.of("retention.ms", " 5000 "))));
    }

    @Test
    void valuesAreStoredWithoutBlanksAroundThem() {
        assertThat(configs(), is(Map.of("retention.ms", "5000")));
    }

    @ParameterizedTest
    @CsvSource({
        "dummy.doesntexist, 1", "retention.ms, x", "retention.ms, -2", "cleanup.policy, shred",
        "compression.type, brotli", "segment.bytes, 10", "min.insync.replicas, 0", "durability, none",
        "preallocate, perhaps", "min.cleanable.dirty.ratio, 1.5"
    })
    void badSettingsOfANewTopicAreRefused(String key, String value) {
        assertThat(cluster.refusal(cluster.topic("u", Map.of(key, value))), is(Fault.INVALID_CONFIG));
        assertThat(alter(set(key, value)), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(configs(), is(Map.of("retention.ms", "5000")));
    }

    @Test
    void settingsThatOtherToolsGiveAreTaken() {
        accepted(cluster.create(cluster.topic(
                "u",
                Map.of(
                        "flush.messages", "1",
                        "flush.ms", "1000",
                        "file.delete.delay.ms", "1",
                        "preallocate", "true",
                        "unclean.leader.election.enable", "true",
                        "message.downconversion.enable", "false",
                        "follower.replication.throttled.replicas", "0:1,1:2"))));
    }

    @Test
    void settingAndDeletingGoThereAndBack() {
        assertThat(alter(set("max.message.bytes", "2000"), delete("retention.ms")), is(Optional.empty()));
        assertThat(configs(), is(Map.of("max.message.bytes", "2000")));
        assertThat(alter(delete("max.message.bytes")), is(Optional.empty()));
        assertThat(configs(), is(Map.of()));
    }

    @Test
    void listsAreAppendedToAndSubtractedFrom() {
        assertThat(alter(new ConfigOp(Kind.APPEND, "cleanup.policy", "compact")), is(Optional.empty()));
        assertThat(configs().get("cleanup.policy"), is("delete,compact"));
        assertThat(alter(new ConfigOp(Kind.APPEND, "cleanup.policy", "compact")), is(Optional.empty()));
        assertThat(configs().get("cleanup.policy"), is("delete,compact"));
        assertThat(alter(new ConfigOp(Kind.SUBTRACT, "cleanup.policy", "delete")), is(Optional.empty()));
        assertThat(configs().get("cleanup.policy"), is("compact"));
    }

    @Test
    void onlyListsAreAppendedTo() {
        assertThat(alter(new ConfigOp(Kind.APPEND, "retention.ms", "1")), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(alter(new ConfigOp(Kind.SUBTRACT, "segment.bytes", "1")), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(alter(new ConfigOp(Kind.APPEND, "cleanup.policy", "shred")), is(Optional.of(Fault.INVALID_CONFIG)));
    }

    @Test
    void oneBadOperationStopsAllOfTheResource() {
        assertThat(alter(set("max.message.bytes", "2000"), set("nope", "1")), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(alter(set("flush.ms", "1"), set("flush.ms", "2")), is(Optional.of(Fault.INVALID_PARAMETER)));
        assertThat(configs(), is(Map.of("retention.ms", "5000")));
    }

    @Test
    void contradictionsAreSeenOnTheResult() {
        assertThat(alter(set("max.compaction.lag.ms", "10")), is(Optional.empty()));
        assertThat(alter(set("min.compaction.lag.ms", "11")), is(Optional.of(Fault.INVALID_CONFIG)));
    }

    @Test
    void hugeValuesAreRefused() {
        assertThat(alter(set("cleanup.policy", "x".repeat(1 << 20))), is(Optional.of(Fault.INVALID_CONFIG)));
    }

    @Test
    void settingWhatIsSetAlreadyWritesNothing() {
        int before = cluster.log.size();
        assertThat(alter(set("retention.ms", "5000")), is(Optional.empty()));
        assertThat(cluster.log.size(), is(before));
    }

    @Test
    void anOldExpectationIsRefused() {
        long seen = cluster.image.topic("t").orElseThrow().changedIndex();
        alter(set("flush.ms", "1"));
        Verdict<String> verdict = cluster.run(new AlterConfigs(
                        List.of(new ConfigChange(true, "t", List.of(set("flush.ms", "2")), Optional.of(seen)))))
                .getFirst();
        assertThat(faultOf(verdict), is(Fault.PRECONDITION_FAILED));
    }

    @Test
    void unknownResourcesAreRefused() {
        assertThat(faultOf(change(true, "nope")), is(Fault.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(faultOf(change(false, "9")), is(Fault.UNKNOWN_NODE));
        assertThat(faultOf(change(false, "01")), is(Fault.UNKNOWN_NODE));
        assertThat(faultOf(change(false, "x")), is(Fault.UNKNOWN_NODE));
    }

    @Test
    void theStrongestSettingWins() {
        EffectiveConfigs node = new EffectiveConfigs(1, Map.of("log.retention.ms", "1"));
        assertThat(effective(node), is("5000 TOPIC"));
        alter(delete("retention.ms"));
        assertThat(effective(node), is("1 STATIC"));
        alterNode("", set("log.retention.ms", "2"));
        assertThat(effective(node), is("2 CLUSTER"));
        alterNode("1", set("log.retention.ms", "3"));
        assertThat(effective(node), is("3 NODE"));
        assertThat(node.settings(cluster.image, configs()).retentionMs(), is(3L));
        alterNode("1", delete("log.retention.ms"));
        alterNode("", delete("log.retention.ms"));
        assertThat(effective(new EffectiveConfigs(1, Map.of())), is("604800000 DEFAULT"));
    }

    @Test
    void theDefaultNumberOfPartitionsIsBoundedToo() {
        assertThat(alterNode("", set("num.partitions", "10001")), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(alterNode("", set("num.partitions", "0")), is(Optional.of(Fault.INVALID_CONFIG)));
        assertThat(alterNode("", set("advertised.listeners", "x")), is(Optional.of(Fault.INVALID_CONFIG)));
    }

    private String effective(EffectiveConfigs node) {
        EffectiveConfig config = node
                .topic(cluster.image, cluster.image.topic("t").orElseThrow())
                .stream()
                .filter(row -> row.key().name().equals("retention.ms"))
                .findFirst()
                .orElseThrow();
        assertThat(config.overridden().getLast().source(), is(Source.DEFAULT));
        return config.value() + " " + config.source();
    }

    private Map<String, String> configs() {
        return cluster.image.topic("t").orElseThrow().configs();
    }

    private Optional<Fault> alter(ConfigOp... ops) {
        return alter(true, "t", ops);
    }

    private Optional<Fault> alterNode(String node, ConfigOp... ops) {
        return alter(false, node, ops);
    }

    private Optional<Fault> alter(boolean topic, String name, ConfigOp... ops) {
        Verdict<String> verdict = cluster.run(
                        new AlterConfigs(List.of(new ConfigChange(topic, name, Arrays.asList(ops), Optional.empty()))))
                .getFirst();
        return verdict instanceof Verdict.Refused<String> no ? Optional.of(no.fault()) : Optional.empty();
    }

    private Verdict<String> change(boolean topic, String name) {
        return cluster.run(new AlterConfigs(
                        List.of(new ConfigChange(topic, name, List.of(set("flush.ms", "1")), Optional.empty()))))
                .getFirst();
    }

    private static ConfigOp set(String key, String value) {
        return new ConfigOp(Kind.SET, key, value);
    }

    private static ConfigOp delete(String key) {
        return new ConfigOp(Kind.DELETE, key, "");
    }
}
