package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.DecommissionNode;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.DrainNode;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.RepairNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;

/**
 * Decides commands against an image: checks them and says which records carry them out. Changes nothing; only replay of
 * the records does ({@link ImageReplay}), the same way on every node. Pure and without state, thread-safe.
 */
public final class MetadataMachine {
    private final TopicDecisions topics;
    private final ConfigDecisions configs;
    private final NodeDecisions nodes;
    private final ReplicaDecisions replicas;

    /** @param defaults resolves what a command leaves to the default */
    public MetadataMachine(MetadataLimits limits, EffectiveConfigs defaults) {
        this.configs = new ConfigDecisions(limits, defaults);
        this.topics = new TopicDecisions(limits, defaults, configs);
        this.nodes = new NodeDecisions(defaults);
        this.replicas = new ReplicaDecisions(limits, defaults);
    }

    /** The records that carry out a command, all or none, and its answer. Never fails. */
    @SuppressWarnings("unchecked") // the sealed command names its answer; each case gives exactly that
    public <A> Decision<A> decide(MetadataImage image, MetadataCommand<A> command) {
        Decision<?> decision = switch (command) {
            case CreateTopics create -> topics.create(image, create);
            case DeleteTopics delete -> topics.delete(image, delete);
            case GrowTopics grow -> topics.grow(image, grow);
            case AlterConfigs alter -> configs.alter(image, alter);
            case RegisterNode register -> nodes.register(image, register);
            case FenceNode fence -> nodes.fence(image, fence);
            case DrainNode drain -> nodes.drain(image, drain);
            case DecommissionNode decommission -> nodes.decommission(image, decommission);
            case RepairNode repair -> nodes.repair(image, repair);
            case UnregisterNode unregister -> nodes.unregister(image, unregister);
            case AlterIsr alter -> replicas.alterIsr(image, alter);
            case ElectLeaders elect -> replicas.elect(image, elect);
            case MoveReplicas move -> replicas.move(image, move);
            case TakeProducerIds take -> nodes.takeProducerIds(image, take);
            case NameCluster name -> nodes.nameCluster(image, name);
        };
        return (Decision<A>) decision;
    }
}
