package io.jofka.node.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.CreatedTopic;
import io.jofka.node.metadata.MetadataCommand.RemovedTopic;
import io.jofka.node.metadata.Verdict.Accepted;
import io.jofka.node.metadata.proto.AnswerMessage;
import io.jofka.node.metadata.proto.CreatedTopicMessage;
import io.jofka.node.metadata.proto.RefusedMessage;
import io.jofka.node.metadata.proto.TopicKeyMessage;
import io.jofka.node.metadata.proto.VerdictMessage;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;

/** The controller's answers as one node hands them to another (metadata_commands.proto). */
public final class Answers {
    private Answers() {}

    /** What came back: done at an index, or failed as a whole. */
    public sealed interface Received<A> {
        record Done<A>(long index, A answer) implements Received<A> {}

        record Failed<A>(Fault fault, String detail) implements Received<A> {}
    }

    /** @param answer of the command that was asked: a verdict, or a list of them */
    public static byte[] done(long index, Object answer) {
        AnswerMessage.Builder message = AnswerMessage.newBuilder().setIndex(index);
        if (answer instanceof List<?> verdicts) {
            verdicts.forEach(verdict -> message.addVerdicts(verdict((Verdict<?>) verdict)));
        } else {
            message.addVerdicts(verdict((Verdict<?>) answer));
        }
        return message.build().toByteArray();
    }

    public static byte[] failed(Fault fault, String detail) {
        return AnswerMessage.newBuilder()
                .setIndex(-1)
                .setFailed(refused(fault, detail, ""))
                .build()
                .toByteArray();
    }

    private static VerdictMessage verdict(Verdict<?> verdict) {
        return switch (verdict) {
            case Verdict.Refused<?> no ->
                VerdictMessage.newBuilder()
                        .setRefused(refused(no.fault(), no.detail(), no.pointer()))
                        .build();
            case Accepted<?>(Object value) -> value(value);
        };
    }

    private static VerdictMessage value(Object value) {
        VerdictMessage.Builder message = VerdictMessage.newBuilder();
        switch (value) {
            case CreatedTopic made ->
                message.setCreated(CreatedTopicMessage.newBuilder()
                        .setName(made.name())
                        .setId(CommandCodec.uuid(made.id()))
                        .setPartitions(made.partitions())
                        .setReplicationFactor(made.replicationFactor())
                        .putAllConfigs(made.configs()));
            case RemovedTopic gone ->
                message.setRemoved(
                        TopicKeyMessage.newBuilder().setName(gone.name()).setId(CommandCodec.uuid(gone.id())));
            case Integer number -> message.setNumber(number);
            case Long number -> message.setNumber(number);
            case OptionalInt number -> message.setNumber(number.orElse(-1));
            case String text -> message.setText(text);
            case List<?> nodes ->
                message.setNodes(CommandCodec.ints(
                        nodes.stream().map(Integer.class::cast).toList()));
            default -> throw new IllegalArgumentException("no answer has a " + value.getClass());
        }
        return message.build();
    }

    private static RefusedMessage refused(Fault fault, String detail, String pointer) {
        return RefusedMessage.newBuilder()
                .setFault(fault.name())
                .setDetail(detail)
                .setPointer(pointer)
                .build();
    }

    /** The answer to this command. Fails with {@link UnreadableMetadata}. */
    @SuppressWarnings("unchecked") // the sealed command names its answer; each case gives exactly that
    public static <A> Received<A> parse(MetadataCommand<A> command, byte[] bytes) {
        AnswerMessage message;
        try {
            message = AnswerMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableMetadata("An answer of " + bytes.length + " bytes cannot be parsed", e);
        }
        if (message.hasFailed()) {
            return new Received.Failed<>(
                    fault(message.getFailed()), message.getFailed().getDetail());
        }
        Object answer = switch (command) {
            case MetadataCommand.CreateTopics c -> each(message, c.topics().size(), Answers::created);
            case MetadataCommand.DeleteTopics c -> each(message, c.topics().size(), Answers::removed);
            case MetadataCommand.GrowTopics c -> each(message, c.growths().size(), Answers::integer);
            case MetadataCommand.AlterConfigs c -> each(message, c.changes().size(), VerdictMessage::getText);
            case MetadataCommand.AlterIsr c -> each(message, c.changes().size(), Answers::integer);
            case MetadataCommand.ElectLeaders c -> each(message, c.partitions().size(), Answers::integer);
            case MetadataCommand.MoveReplicas c ->
                each(message, c.moves().size(), v -> List.copyOf(v.getNodes().getValuesList()));
            case MetadataCommand.RegisterNode _,
                    MetadataCommand.FenceNode _,
                    MetadataCommand.DrainNode _,
                    MetadataCommand.DecommissionNode _,
                    MetadataCommand.UnregisterNode _ -> only(message, v -> OptionalInt.of(integer(v)));
            case MetadataCommand.RepairNode _ -> only(message, Answers::integer);
            case MetadataCommand.TakeProducerIds _ -> only(message, VerdictMessage::getNumber);
            case MetadataCommand.NameCluster _ -> only(message, VerdictMessage::getText);
        };
        return new Received.Done<>(message.getIndex(), (A) answer);
    }

    private static <V> List<Verdict<V>> each(AnswerMessage message, int count, Function<VerdictMessage, V> value) {
        if (message.getVerdictsCount() != count) {
            throw new UnreadableMetadata(message.getVerdictsCount() + " verdicts for " + count + " items");
        }
        return message.getVerdictsList().stream()
                .map(verdict -> verdict(verdict, value))
                .toList();
    }

    private static <V> Verdict<V> only(AnswerMessage message, Function<VerdictMessage, V> value) {
        return each(message, 1, value).getFirst();
    }

    private static <V> Verdict<V> verdict(VerdictMessage message, Function<VerdictMessage, V> value) {
        if (message.hasRefused()) {
            RefusedMessage no = message.getRefused();
            return Verdict.refused(fault(no), no.getDetail(), no.getPointer());
        }
        return new Accepted<>(value.apply(message));
    }

    private static Fault fault(RefusedMessage refused) {
        for (Fault fault : Fault.values()) {
            if (fault.name().equals(refused.getFault())) {
                return fault;
            }
        }
        return Fault.INTERNAL;
    }

    private static int integer(VerdictMessage message) {
        return (int) message.getNumber();
    }

    private static CreatedTopic created(VerdictMessage message) {
        CreatedTopicMessage made = message.getCreated();
        return new CreatedTopic(
                made.getName(),
                CommandCodec.uuid(made.getId()),
                made.getPartitions(),
                made.getReplicationFactor(),
                Map.copyOf(made.getConfigsMap()));
    }

    private static RemovedTopic removed(VerdictMessage message) {
        UUID id = CommandCodec.uuid(message.getRemoved().getId());
        return new RemovedTopic(message.getRemoved().getName(), id);
    }
}
