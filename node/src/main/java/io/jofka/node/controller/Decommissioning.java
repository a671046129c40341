package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.metadata.MetadataCommand.Move;
import io.jofka.node.metadata.MetadataCommand.MoveReplicas;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.UnregisterNode;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.ReplicaBalance;
import io.jofka.node.metadata.ReplicaBalance.Leaving;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * On the active controller: goes on with nodes that are to go. So many of a node's partitions are moved at a time; when it
 * holds nothing and is stopped it is forgotten, unless it votes. All that has been done is in the image, so the next
 * controller goes on from there. One thread calls {@link #look}.
 */
final class Decommissioning {
    private static final System.Logger LOGGER = System.getLogger(Decommissioning.class.getName());
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int COMMAND_MS = 10_000;
    /** Partitions of one node that move at a time. */
    private static final int MAX_MOVING = 100;

    private final int self;
    private final ControllerLoop loop;
    private final LocalImages images;
    private final Clock clock;
    private long lookedNanos;
    private volatile boolean underWay;

    Decommissioning(int self, ControllerLoop loop, LocalImages images, Clock clock) {
        this.self = self;
        this.loop = loop;
        this.images = images;
        this.clock = clock;
        this.lookedNanos = clock.nanos();
    }

    void look() {
        long now = clock.nanos();
        if (loop.leader() != self || underWay || now - lookedNanos < EVERY_NANOS) {
            return;
        }
        lookedNanos = now;
        MetadataImage image = images.image();
        for (NodeImage node : image.nodes()) {
            if (node.decommissioning()) {
                goOn(image, node);
            }
        }
    }

    private void goOn(MetadataImage image, NodeImage node) {
        int held = 0;
        int moving = 0;
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                held += partition.replicas().contains(node.id()) ? 1 : 0;
                moving += partition.removing().contains(node.id()) ? 1 : 0;
            }
        }
        if (held == 0) {
            if (node.fenced() && !node.controller()) {
                underWay = true;
                var _ = loop.call(new UnregisterNode(node.id()), false, COMMAND_MS)
                        .thenAccept(reply -> told("forgetting node " + node.id(), reply));
            }
        } else if (moving < MAX_MOVING) {
            move(image, node, MAX_MOVING - moving);
        }
    }

    private void move(MetadataImage image, NodeImage node, int most) {
        Leaving leaving = ReplicaBalance.leave(image, node.id(), most);
        List<Move> moves = leaving.steps().stream()
                .flatMap(step -> image
                        .topic(step.topic())
                        .map(topic ->
                                new Move(new PartitionKey(topic.id(), step.partition()), Optional.of(step.replicas())))
                        .stream())
                .toList();
        if (!moves.isEmpty()) {
            underWay = true;
            var _ = loop.call(new MoveReplicas(moves), false, COMMAND_MS)
                    .thenAccept(reply -> told("moving replicas from node " + node.id(), reply));
        }
    }

    private void told(String what, Reply<?> reply) {
        underWay = false;
        if (reply instanceof Reply.Failed<?>(Fault fault, String detail)) {
            LOGGER.log(System.Logger.Level.INFO, "{0} was not carried out: {1} {2}", what, fault, detail);
        }
    }
}
