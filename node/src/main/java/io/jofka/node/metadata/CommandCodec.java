package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.ConfigChange;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.DecommissionNode;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.RepairNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.TopicKey;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;
import io.jofka.node.metadata.proto.AlterConfigsMessage;
import io.jofka.node.metadata.proto.AlterIsrMessage;
import io.jofka.node.metadata.proto.CommandMessage;
import io.jofka.node.metadata.proto.ConfigChangeMessage;
import io.jofka.node.metadata.proto.ConfigOpMessage;
import io.jofka.node.metadata.proto.CreateTopicsMessage;
import io.jofka.node.metadata.proto.DeleteTopicsMessage;
import io.jofka.node.metadata.proto.ElectLeadersMessage;
import io.jofka.node.metadata.proto.GrowTopicsMessage;
import io.jofka.node.metadata.proto.GrowthMessage;
import io.jofka.node.metadata.proto.Ints;
import io.jofka.node.metadata.proto.IsrChangeMessage;
import io.jofka.node.metadata.proto.MoveMessage;
import io.jofka.node.metadata.proto.MoveReplicasMessage;
import io.jofka.node.metadata.proto.NewTopicMessage;
import io.jofka.node.metadata.proto.NodeStateMessage;
import io.jofka.node.metadata.proto.PartitionKeyMessage;
import io.jofka.node.metadata.proto.RegisterNodeMessage;
import io.jofka.node.metadata.proto.TakeProducerIdsMessage;
import io.jofka.node.metadata.proto.TopicKeyMessage;
import io.jofka.node.metadata.proto.Uuid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Commands as one node hands them to another (metadata_commands.proto). */
final class CommandCodec {
    private CommandCodec() {}

    static CommandMessage message(MetadataCommand<?> command) {
        CommandMessage.Builder message = CommandMessage.newBuilder();
        switch (command) {
            case CreateTopics c -> {
                CreateTopicsMessage.Builder topics = CreateTopicsMessage.newBuilder();
                c.topics().forEach(topic -> topics.addTopics(message(topic)));
                message.setCreateTopics(topics);
            }
            case DeleteTopics c -> {
                DeleteTopicsMessage.Builder topics = DeleteTopicsMessage.newBuilder();
                c.topics().forEach(topic -> topics.addTopics(message(topic)));
                message.setDeleteTopics(topics);
            }
            case GrowTopics c -> {
                GrowTopicsMessage.Builder growths = GrowTopicsMessage.newBuilder();
                c.growths()
                        .forEach(g -> growths.addGrowths(GrowthMessage.newBuilder()
                                .setTopic(g.topic())
                                .setTotalPartitions(g.totalPartitions())
                                .addAllAssignment(g.assignment().stream()
                                        .map(CommandCodec::ints)
                                        .toList())));
                message.setGrowTopics(growths);
            }
            case AlterConfigs c -> {
                AlterConfigsMessage.Builder changes = AlterConfigsMessage.newBuilder();
                c.changes().forEach(change -> changes.addChanges(message(change)));
                message.setAlterConfigs(changes);
            }
            case RegisterNode c ->
                message.setRegisterNode(RegisterNodeMessage.newBuilder()
                        .setNode(com.google.protobuf.ByteString.copyFrom(
                                RecordCodec.bytes(new MetadataRecord.NodeRegistered(c.node())))));
            case FenceNode c ->
                message.setFenceNode(NodeStateMessage.newBuilder()
                        .setId(c.id())
                        .setIncarnation(uuid(c.incarnation()))
                        .setOn(c.fenced()));
            case DrainNode c ->
                message.setDrainNode(NodeStateMessage.newBuilder().setId(c.id()).setOn(c.draining()));
            case DecommissionNode c -> message.setDecommissionNode(c.id());
            case RepairNode c -> message.setRepairNode(c.id());
            case UnregisterNode c -> message.setUnregisterNode(c.id());
            case AlterIsr c -> message.setAlterIsr(message(c));
            case ElectLeaders c ->
                message.setElectLeaders(ElectLeadersMessage.newBuilder()
                        .setUnclean(c.kind() == ElectLeaders.Election.UNCLEAN)
                        .setDesignated(c.kind() == ElectLeaders.Election.DESIGNATED)
                        .addAllChosen(c.chosen())
                        .addAllPartitions(
                                c.partitions().stream().map(CommandCodec::key).toList()));
            case MoveReplicas c -> message.setMoveReplicas(message(c));
            case TakeProducerIds c ->
                message.setTakeProducerIds(
                        TakeProducerIdsMessage.newBuilder().setNode(c.node()).setSize(c.size()));
            case NameCluster c -> message.setNameCluster(c.clusterId());
        }
        return message.build();
    }

    private static NewTopicMessage message(NewTopic topic) {
        NewTopicMessage.Builder message = NewTopicMessage.newBuilder()
                .setName(topic.name())
                .setId(uuid(topic.id()))
                .setPartitions(topic.partitions())
                .setReplicationFactor(topic.replicationFactor())
                .putAllConfigs(topic.configs());
        topic.assignment().forEach((partition, nodes) -> message.putAssignment(partition, ints(nodes)));
        return message.build();
    }

    private static TopicKeyMessage message(TopicKey key) {
        TopicKeyMessage.Builder message = TopicKeyMessage.newBuilder();
        key.name().ifPresent(message::setName);
        key.id().ifPresent(id -> message.setId(uuid(id)));
        key.expectedChangedIndex().ifPresent(message::setExpectedChangedIndex);
        return message.build();
    }

    private static ConfigChangeMessage message(ConfigChange change) {
        ConfigChangeMessage.Builder message =
                ConfigChangeMessage.newBuilder().setTopic(change.topic()).setResource(change.resource());
        change.expectedChangedIndex().ifPresent(message::setExpectedChangedIndex);
        change.ops()
                .forEach(op -> message.addOps(ConfigOpMessage.newBuilder()
                        .setKind(op.kind().name())
                        .setKey(op.key())
                        .setValue(op.value())));
        return message.build();
    }

    private static AlterIsrMessage message(AlterIsr alter) {
        AlterIsrMessage.Builder message =
                AlterIsrMessage.newBuilder().setNode(alter.node()).setIncarnation(uuid(alter.incarnation()));
        alter.changes()
                .forEach(change -> message.addChanges(IsrChangeMessage.newBuilder()
                        .setTopicId(uuid(change.topicId()))
                        .setPartition(change.partition())
                        .setLeaderEpoch(change.leaderEpoch())
                        .setPartitionEpoch(change.partitionEpoch())
                        .addAllIsr(change.isr())));
        return message.build();
    }

    private static MoveReplicasMessage message(MoveReplicas moves) {
        MoveReplicasMessage.Builder message = MoveReplicasMessage.newBuilder();
        moves.moves().forEach(move -> {
            MoveMessage.Builder one = MoveMessage.newBuilder().setKey(key(move.key()));
            move.target().ifPresent(target -> one.setTarget(ints(target)));
            message.addMoves(one);
        });
        return message.build();
    }

    /** Fails with {@link UnreadableMetadata} on what this program does not understand. */
    static MetadataCommand<?> command(CommandMessage message) {
        return switch (message.getCommandCase()) {
            case CREATE_TOPICS ->
                new CreateTopics(message.getCreateTopics().getTopicsList().stream()
                        .map(CommandCodec::topic)
                        .toList());
            case DELETE_TOPICS ->
                new DeleteTopics(message.getDeleteTopics().getTopicsList().stream()
                        .map(CommandCodec::topicKey)
                        .toList());
            case GROW_TOPICS ->
                new GrowTopics(message.getGrowTopics().getGrowthsList().stream()
                        .map(g -> new MetadataCommand.Growth(
                                g.getTopic(),
                                g.getTotalPartitions(),
                                g.getAssignmentList().stream()
                                        .map(Ints::getValuesList)
                                        .map(List::copyOf)
                                        .toList()))
                        .toList());
            case ALTER_CONFIGS ->
                new AlterConfigs(message.getAlterConfigs().getChangesList().stream()
                        .map(CommandCodec::change)
                        .toList());
            case REGISTER_NODE -> {
                MetadataRecord record =
                        RecordCodec.record(message.getRegisterNode().getNode().toByteArray());
                if (record instanceof MetadataRecord.NodeRegistered registered) {
                    yield new RegisterNode(registered.node());
                }
                throw new UnreadableMetadata("A registration holds no node");
            }
            case FENCE_NODE ->
                new FenceNode(
                        message.getFenceNode().getId(),
                        uuid(message.getFenceNode().getIncarnation()),
                        message.getFenceNode().getOn());
            case DRAIN_NODE ->
                new DrainNode(
                        message.getDrainNode().getId(), message.getDrainNode().getOn());
            case DECOMMISSION_NODE -> new DecommissionNode(message.getDecommissionNode());
            case REPAIR_NODE -> new RepairNode(message.getRepairNode());
            case UNREGISTER_NODE -> new UnregisterNode(message.getUnregisterNode());
            case ALTER_ISR -> alterIsr(message.getAlterIsr());
            case ELECT_LEADERS ->
                new ElectLeaders(
                        election(message.getElectLeaders()),
                        message.getElectLeaders().getPartitionsList().stream()
                                .map(CommandCodec::key)
                                .toList(),
                        List.copyOf(message.getElectLeaders().getChosenList()));
            case MOVE_REPLICAS ->
                new MoveReplicas(message.getMoveReplicas().getMovesList().stream()
                        .map(move -> new MetadataCommand.Move(
                                key(move.getKey()),
                                move.hasTarget()
                                        ? Optional.of(
                                                List.copyOf(move.getTarget().getValuesList()))
                                        : Optional.empty()))
                        .toList());
            case TAKE_PRODUCER_IDS ->
                new TakeProducerIds(
                        message.getTakeProducerIds().getNode(),
                        message.getTakeProducerIds().getSize());
            case NAME_CLUSTER -> new NameCluster(message.getNameCluster());
            case COMMAND_NOT_SET ->
                throw new UnreadableMetadata("A command has a kind that this program does not know");
        };
    }

    private static ElectLeaders.Election election(ElectLeadersMessage message) {
        if (message.getUnclean()) {
            return ElectLeaders.Election.UNCLEAN;
        }
        return message.getDesignated() ? ElectLeaders.Election.DESIGNATED : ElectLeaders.Election.PREFERRED;
    }

    private static NewTopic topic(NewTopicMessage message) {
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        message.getAssignmentMap()
                .forEach((partition, nodes) -> assignment.put(partition, List.copyOf(nodes.getValuesList())));
        return new NewTopic(
                message.getName(),
                uuid(message.getId()),
                message.getPartitions(),
                message.getReplicationFactor(),
                Map.copyOf(assignment),
                Map.copyOf(message.getConfigsMap()));
    }

    private static TopicKey topicKey(TopicKeyMessage message) {
        return new TopicKey(
                message.hasName() ? Optional.of(message.getName()) : Optional.empty(),
                message.hasId() ? Optional.of(uuid(message.getId())) : Optional.empty(),
                message.hasExpectedChangedIndex() ? Optional.of(message.getExpectedChangedIndex()) : Optional.empty());
    }

    private static ConfigChange change(ConfigChangeMessage message) {
        return new ConfigChange(
                message.getTopic(),
                message.getResource(),
                message.getOpsList().stream().map(CommandCodec::op).toList(),
                message.hasExpectedChangedIndex() ? Optional.of(message.getExpectedChangedIndex()) : Optional.empty());
    }

    private static MetadataCommand.ConfigOp op(ConfigOpMessage message) {
        for (MetadataCommand.ConfigOp.Kind kind : MetadataCommand.ConfigOp.Kind.values()) {
            if (kind.name().equals(message.getKind())) {
                return new MetadataCommand.ConfigOp(kind, message.getKey(), message.getValue());
            }
        }
        throw new UnreadableMetadata("A change of configuration has an unknown kind");
    }

    private static AlterIsr alterIsr(AlterIsrMessage message) {
        return new AlterIsr(
                message.getNode(),
                uuid(message.getIncarnation()),
                message.getChangesList().stream()
                        .map(change -> new MetadataCommand.IsrChange(
                                uuid(change.getTopicId()),
                                change.getPartition(),
                                change.getLeaderEpoch(),
                                change.getPartitionEpoch(),
                                List.copyOf(change.getIsrList())))
                        .toList());
    }

    private static PartitionKeyMessage key(PartitionKey key) {
        return PartitionKeyMessage.newBuilder()
                .setTopicId(uuid(key.topicId()))
                .setPartition(key.partition())
                .build();
    }

    private static PartitionKey key(PartitionKeyMessage message) {
        return new PartitionKey(uuid(message.getTopicId()), message.getPartition());
    }

    static Ints ints(List<Integer> values) {
        return Ints.newBuilder().addAllValues(values).build();
    }

    static Uuid uuid(UUID id) {
        return Uuid.newBuilder()
                .setHigh(id.getMostSignificantBits())
                .setLow(id.getLeastSignificantBits())
                .build();
    }

    static UUID uuid(Uuid id) {
        return new UUID(id.getHigh(), id.getLow());
    }
}
