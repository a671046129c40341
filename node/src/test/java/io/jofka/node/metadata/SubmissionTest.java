package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.Answers.Received;
import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.ConfigChange;
import io.jofka.node.metadata.MetadataCommand.ConfigOp;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.CreatedTopic;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders.Election;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.MetadataCommand.Growth;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.RemovedTopic;
import io.jofka.node.metadata.MetadataCommand.RepairNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.TopicKey;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;
import io.jofka.node.metadata.NodeImage.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands and answers come out of their bytes as they went in. */
final class SubmissionTest {
    private static final UUID ID = new UUID(-5, 7);
    private static final PartitionKey KEY = new PartitionKey(ID, 3);

    private static <V> List<Verdict<V>> one(V value) {
        return List.of(new Verdict.Accepted<>(value));
    }

    private static Verdict<OptionalInt> node(int id) {
        return new Verdict.Accepted<>(OptionalInt.of(id));
    }

    static Stream<Arguments> commands() {
        NewTopic topic = new NewTopic("orders", ID, -1, 3, Map.of(0, List.of(2, 1)), Map.of("retention.ms", "-1"));
        NodeImage node = new NodeImage(
                4, ID, true, false, true, "rack", Map.of("rest", new Endpoint("h", 8080)), List.of(ID), true, true);
        ConfigChange change =
                new ConfigChange(false, "4", List.of(new ConfigOp(ConfigOp.Kind.APPEND, "k", "v")), Optional.of(17L));
        return Stream.of(
                Arguments.of(
                        new CreateTopics(List.of(topic)),
                        one(new CreatedTopic("orders", ID, 1, 3, Map.of("retention.ms", "-1")))),
                Arguments.of(
                        new DeleteTopics(List.of(new TopicKey(Optional.empty(), Optional.of(ID), Optional.of(3L)))),
                        one(new RemovedTopic("orders", ID))),
                Arguments.of(
                        new GrowTopics(List.of(new Growth("orders", 9, List.of(List.of(1, 2), List.of(2, 3))))),
                        one(9)),
                Arguments.of(new AlterConfigs(List.of(change)), one("4")),
                Arguments.of(new RegisterNode(node), node(4)),
                Arguments.of(new FenceNode(4, ID, true), node(4)),
                Arguments.of(new DrainNode(4, true), node(4)),
                Arguments.of(new MetadataCommand.DecommissionNode(4), node(4)),
                Arguments.of(new RepairNode(4), new Verdict.Accepted<>(12)),
                Arguments.of(new UnregisterNode(4), node(4)),
                Arguments.of(new AlterIsr(4, ID, List.of(new IsrChange(ID, 3, 5, 6, List.of(1, 4)))), one(7)),
                Arguments.of(new ElectLeaders(Election.UNCLEAN, List.of(KEY)), one(4)),
                Arguments.of(new ElectLeaders(Election.DESIGNATED, List.of(KEY), List.of(2)), one(2)),
                Arguments.of(new MoveReplicas(List.of(new Move(KEY, Optional.of(List.of(4, 1))))), one(List.of(4, 1))),
                Arguments.of(
                        new MoveReplicas(List.of(new Move(KEY, Optional.empty()))),
                        List.of(Verdict.refused(Fault.NO_REASSIGNMENT_IN_PROGRESS, "no", "/x"))),
                Arguments.of(new TakeProducerIds(4, 1000), new Verdict.Accepted<>(5_000_000_000L)),
                Arguments.of(new NameCluster("c"), new Verdict.Accepted<>("c")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandAndItsAnswerSurviveTheirBytes(MetadataCommand<?> command, Object answer) {
        Submission submission = new Submission(command, true, 1234);
        assertThat(Submission.parse(submission.bytes()), is(submission));
        assertThat(Answers.parse(command, Answers.done(42, answer)), is(new Received.Done<>(42, answer)));
        Received<?> failed = Answers.parse(command, Answers.failed(Fault.NOT_CONTROLLER, "elsewhere"));
        assertThat(failed, is(new Received.Failed<>(Fault.NOT_CONTROLLER, "elsewhere")));
    }

    @Test
    void anAnswerWithTooFewVerdictsIsNotRead() {
        byte[] none = Answers.done(1, List.of());
        assertThrows(
                UnreadableMetadata.class,
                () -> Answers.parse(new ElectLeaders(Election.PREFERRED, List.of(KEY)), none));
    }

    @Test
    void bytesThatAreNoCommandAreNotRead() {
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            try {
                assertThat(Submission.parse(bytes), instanceOf(Submission.class));
            } catch (UnreadableMetadata expected) {
                refused++;
            }
        }
        assertThat(refused, greaterThan(1_500));
    }
}
