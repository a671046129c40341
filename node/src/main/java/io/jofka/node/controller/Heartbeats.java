package io.jofka.node.controller;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.controller.proto.HeartbeatAnswer;
import io.jofka.node.controller.proto.HeartbeatMessage;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders;
import io.jofka.node.metadata.MetadataCommand.ElectLeaders.Election;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.PartitionKey;
import io.jofka.node.metadata.MetadataCommand.RepairNode;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PreferredLeaders;
import io.jofka.node.metadata.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's pulse and, on the active controller, the watch over all of them: fences the silent, lets the returned be used,
 * gives leadership back to preferred leaders. A node that misses a heartbeat is asked at once: where nobody listens any
 * more it is fenced without waiting for the session to end. One thread calls {@link #tick}; the rest is thread-safe.
 */
final class Heartbeats {
    private static final System.Logger LOGGER = System.getLogger(Heartbeats.class.getName());
    private static final int COMMAND_MS = 5_000;
    private static final int PROBE_MS = 300;
    /** Connections must be refused for so long: a channel may tell of an attempt that was made before a restart. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

    private static final int MAX_BALANCED = 500;

    private final int self;
    private final UUID incarnation;
    private final ControllerLoop loop;
    private final LocalImages images;
    private final Net net;
    private final Clock clock;
    private final HeartbeatConfig config;
    private final BooleanSupplier pulse;
    private volatile boolean ready;

    // of the thread that ticks
    private int toldLeader = -1;
    private long toldNanos;

    // guarded by this
    private final Liveness liveness;
    /** Since when connections to a node are refused. */
    private final Map<Integer, Long> refused = new HashMap<>();

    private final Set<Integer> probing = new HashSet<>();
    private final Set<Integer> fencing = new HashSet<>();
    private int leadTerm = -1;
    private long balancedNanos;
    private boolean balancing;

    /** @param pulse whether this node is to tell that it lives */
    Heartbeats(
            int self,
            UUID incarnation,
            ControllerLoop loop,
            LocalImages images,
            Net net,
            Clock clock,
            HeartbeatConfig config,
            BooleanSupplier pulse) {
        this.self = self;
        this.incarnation = incarnation;
        this.loop = loop;
        this.images = images;
        this.net = net;
        this.clock = clock;
        this.config = config;
        this.pulse = pulse;
        this.liveness = new Liveness(
                TimeUnit.MILLISECONDS.toNanos(config.sessionMs()),
                TimeUnit.MILLISECONDS.toNanos(config.heartbeatMs() + config.heartbeatMs() / 4));
        net.serve(Net.Call.HEARTBEAT, (from, bytes) -> CompletableFuture.completedFuture(answer(bytes)));
    }

    /** The partitions of this node are open: it may be used. */
    void ready() {
        ready = true;
    }

    /** A few times in every heartbeat interval. A new controller is told at once. */
    void tick() {
        int leader = loop.leader();
        long now = clock.nanos();
        boolean due = now - toldNanos >= TimeUnit.MILLISECONDS.toNanos(config.heartbeatMs());
        if (pulse.getAsBoolean() && leader >= 0 && (due || leader != toldLeader)) {
            toldLeader = leader;
            toldNanos = now;
            tell(leader);
        }
        if (leader == self) {
            watch();
        }
    }

    private void tell(int leader) {
        long applied = images.current().index();
        if (leader == self) {
            heard(self, incarnation, applied, ready);
            return;
        }
        byte[] message = HeartbeatMessage.newBuilder()
                .setNode(self)
                .setIncarnationHigh(incarnation.getMostSignificantBits())
                .setIncarnationLow(incarnation.getLeastSignificantBits())
                .setAppliedIndex(applied)
                .setReady(ready)
                .build()
                .toByteArray();
        var _ = net.call(leader, Net.Call.HEARTBEAT, message, config.sessionMs())
                .exceptionally(_ -> new byte[0]);
    }

    private synchronized void heard(int node, UUID of, long appliedIndex, boolean nodeReady) {
        liveness.heard(node, of, appliedIndex, nodeReady, clock.nanos());
        refused.remove(node);
    }

    private byte[] answer(byte[] bytes) {
        HeartbeatMessage message;
        try {
            message = HeartbeatMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Net.Rejected("the heartbeat cannot be read");
        }
        boolean controller = loop.leader() == self;
        if (!message.getProbe() && controller) {
            heard(
                    message.getNode(),
                    new UUID(message.getIncarnationHigh(), message.getIncarnationLow()),
                    message.getAppliedIndex(),
                    message.getReady());
        }
        return HeartbeatAnswer.newBuilder().setController(controller).build().toByteArray();
    }

    private synchronized void watch() {
        long now = clock.nanos();
        if (loop.term() != leadTerm) {
            leadTerm = loop.term();
            liveness.lead(now);
            refused.clear();
            balancedNanos = now;
        }
        ClusterImage image = images.current();
        for (FenceNode fence : liveness.due(image, now)) {
            fence(fence);
        }
        for (int node : liveness.missing(image, now)) {
            if (node != self && probing.add(node)) {
                probe(image, node);
            }
        }
        if (now - balancedNanos > TimeUnit.MILLISECONDS.toNanos(config.balanceMs()) && !balancing) {
            balancedNanos = now;
            balance();
        }
    }

    private void probe(ClusterImage image, int node) {
        UUID life = image.node(node).map(NodeImage::incarnation).orElse(incarnation);
        byte[] message = HeartbeatMessage.newBuilder()
                .setNode(self)
                .setProbe(true)
                .build()
                .toByteArray();
        var _ = net.call(node, Net.Call.HEARTBEAT, message, PROBE_MS).whenComplete((bytes, failure) -> {
            probed(node, life, failure);
        });
    }

    private synchronized void probed(int node, UUID life, @Nullable Throwable failure) {
        probing.remove(node);
        if (!(failure instanceof Net.Refused || (failure != null && failure.getCause() instanceof Net.Refused))) {
            refused.remove(node);
        } else if (loop.leader() == self) {
            long now = clock.nanos();
            long since = refused.computeIfAbsent(node, _ -> now);
            if (now - since >= REFUSED_NANOS) {
                fence(new FenceNode(node, life, true));
            }
        }
    }

    private synchronized void fence(FenceNode command) {
        if (!fencing.add(command.id())) {
            return;
        }
        var _ = loop.call(command, false, COMMAND_MS).thenAccept(reply -> {
            fenced(command, reply);
        });
    }

    private synchronized void fenced(FenceNode command, Reply<Verdict<OptionalInt>> reply) {
        fencing.remove(command.id());
        if (reply instanceof Reply.Failed<Verdict<OptionalInt>>(Fault fault, String detail)) {
            LOGGER.log(System.Logger.Level.INFO, "{0} was not carried out: {1} {2}", command, fault, detail);
        } else {
            repair(command.id());
        }
    }

    /** What a change of a very large node has left over. */
    private void repair(int node) {
        var _ = loop.call(new RepairNode(node), false, COMMAND_MS).thenAccept(reply -> {
            if (reply instanceof Reply.Done<Verdict<Integer>>(long index, Verdict.Accepted<Integer>(Integer changes))
                    && changes > 0) {
                repair(node);
            }
        });
    }

    private void balance() {
        List<PartitionKey> partitions = PreferredLeaders.missing(images.image(), MAX_BALANCED);
        if (partitions.isEmpty()) {
            return;
        }
        balancing = true;
        MetadataCommand<List<Verdict<Integer>>> command = new ElectLeaders(Election.PREFERRED, partitions);
        var _ = loop.call(command, false, COMMAND_MS).thenAccept(_ -> balanced());
    }

    private synchronized void balanced() {
        balancing = false;
    }
}
