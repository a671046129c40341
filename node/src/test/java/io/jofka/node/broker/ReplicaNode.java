package io.jofka.node.broker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.batch.InflationLimits;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.IsrChanges;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.metadata.MetadataCommand.AlterIsr;
import io.jofka.node.metadata.MetadataCommand.IsrChange;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.Verdict;
import io.jofka.node.partition.LeaderEvent;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedSeed;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogDirectory;
import io.jofka.node.storage.LogSlice;
import io.jofka.node.storage.StorageConfig;
import io.jofka.node.storage.StorageFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A broker of production classes on a simulated disk, in the world's one thread. */
final class ReplicaNode implements Images, Clock, IsrProposals {
    private static final long LAG = 250 * ReplicaWorld.MS;

    final int id;
    final SimulatedDisk disk = new SimulatedDisk();
    UUID incarnation;
    private final ReplicaWorld world;
    private final double rate;
    private final List<Runnable> deferred = new ArrayList<>();
    private final List<Runnable> forces = new ArrayList<>();
    private final Map<Long, Long> highest = new HashMap<>();
    private MetadataImage image = MetadataImage.empty();
    private int life;
    boolean up;
    boolean paused;
    private @Nullable Parts parts;

    /** What one life has in memory. */
    private record Parts(
            LogStore store,
            BrokerSurroundings around,
            Followers followers,
            LocalPartitions partitions,
            ProduceService produce,
            FetchService fetch,
            Net.Handler replica) {}

    ReplicaNode(ReplicaWorld world, int id) {
        this.world = world;
        this.id = id;
        this.rate = 0.9 + world.random.nextDouble() / 5;
        this.incarnation = new UUID(1, world.random.nextLong());
    }

    NodeImage registration() {
        return new NodeImage(id, incarnation, true, true, true, "", Map.of(), List.of(new UUID(9, id)));
    }

    @Override
    public long wallMs() {
        return 1_767_225_600_000L + nanos() / ReplicaWorld.MS;
    }

    @Override
    public long nanos() {
        return (long) (world.now * rate) + id * 1_000_000_007L;
    }

    @Override
    public ClusterImage current() {
        return image;
    }

    @Override
    public boolean await(long index, int timeoutMs) {
        return image.index() >= index;
    }

    @Override
    public void onChange(Listener listener) {
        listener.changed(MetadataImage.empty(), image);
    }

    // ---------------------------------------------------------------- life

    void deliver(Runnable what) {
        if (up && paused) {
            deferred.add(what);
        } else if (up) {
            what.run();
        }
    }

    private void soon(long nanos, Runnable what) {
        int mine = life;
        world.after(nanos, () -> {
            if (mine == life) {
                deliver(what);
            }
        });
    }

    private void every(long nanos, Runnable what) {
        soon(nanos, () -> {
            what.run();
            every(nanos, what);
        });
    }

    void resume() {
        paused = false;
        List<Runnable> waiting = List.copyOf(deferred);
        deferred.clear();
        waiting.forEach(this::deliver);
    }

    /** The process ends; with {@code power} the disk loses what was not forced. */
    void crash(boolean power) {
        up = false;
        paused = false;
        life++;
        parts = null;
        deferred.clear();
        forces.clear();
        highest.clear();
        if (power) {
            disk.crash(world.random.nextLong());
        } else {
            disk.kill();
        }
    }

    /** Starts as production does: registers a new incarnation, learns the image that has it, then opens partitions. */
    void restart() {
        if (!up) {
            up = true;
            incarnation = new UUID(1, world.random.nextLong());
            register();
        }
    }

    private void register() {
        if (parts != null) {
            return;
        }
        RegisterNode command = new RegisterNode(registration());
        UUID mine = incarnation;
        world.send(id, 0, () -> {
            if (!mine.equals(incarnation)) {
                return;
            }
            world.decide(command);
            MetadataImage with = world.image;
            world.send(0, id, () -> {
                if (parts == null && mine.equals(incarnation)) {
                    image = with;
                    open();
                }
            });
        });
        soon(60 * ReplicaWorld.MS, this::register);
    }

    void open() {
        up = true;
        if (image.index() < 0) {
            image = world.image;
        }
        LogDirectory directory = LogDirectory.open(
                Path.of("/data/log"),
                "cluster",
                disk,
                this,
                new SimulatedSeed(id),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                StorageConfig.simulated());
        LogStore store = new ReplicaStore(new DirectoryStore(directory), this::forceSoon);
        BrokerSurroundings around = new BrokerSurroundings(
                BrokerConfig.defaults(),
                task -> soon(0, task),
                this,
                store,
                this,
                (type, sentence, details) -> {},
                this::bug,
                (fault, detail) -> bug(new AssertionError(detail)));
        PartitionOpener opener = new PartitionOpener(id, around);
        Followers followers = new Followers(store, opener, this::opener, (t, s, d) -> {}, this::bug);
        LocalPartitions partitions = new LocalPartitions(
                id,
                store,
                this,
                new EffectiveConfigs(id, Map.of()),
                opener,
                this::opener,
                followers,
                (t, s, d) -> {},
                this::bug);
        BrokerMetrics metrics = new BrokerMetrics(new SimpleMeterRegistry());
        Net.Handler[] replica = new Net.Handler[1];
        new ReplicaService(partitions, around).serve(new Net() {
            @Override
            public CompletableFuture<byte[]> call(int node, Call call, byte[] request, int timeoutMs) {
                return CompletableFuture.failedFuture(new Unreachable("not in a simulation"));
            }

            @Override
            public void serve(Call call, Handler handler) {
                replica[0] = handler;
            }
        });
        parts = new Parts(
                store,
                around,
                followers,
                partitions,
                new LocalProduceService(
                        partitions, new BatchValidation(new InflationLimits(1 << 20, 10_000)), this, metrics),
                new LocalFetchService(partitions, around, metrics),
                replica[0]);
        onChange(partitions);
        chores();
    }

    private void chores() {
        every(20 * ReplicaWorld.MS, () -> parts().around().lookAtDeadlines());
        every(LAG / 2, () -> loops().forEach(loop -> loop.step(new LeaderEvent.IsrReviewed<>(nanos(), LAG))));
        every(700 * ReplicaWorld.MS, () -> loops().forEach(PartitionLoop::checkpoint));
        every(50 * ReplicaWorld.MS, () -> {
            long applied = image.index();
            UUID mine = incarnation;
            world.send(id, 0, () -> {
                world.heartbeat(id, mine, applied);
                world.tell(this);
            });
        });
        world.nodes.keySet().stream().filter(other -> other != id).forEach(this::fetchFrom);
    }

    private void bug(Throwable bug) {
        throw new AssertionError("a bug was reported", bug);
    }

    /** What an opener thread would do: a release waits for running forces. */
    private void opener(Runnable task) {
        soon(world.random.nextLong(4 * ReplicaWorld.MS), () -> {
            List.copyOf(forces).forEach(Runnable::run);
            task.run();
        });
    }

    private Parts parts() {
        return Objects.requireNonNull(parts);
    }

    private List<PartitionLoop> loops() {
        return parts().partitions().hosted().stream()
                .map(HostedPartition::loop)
                .filter(Objects::nonNull)
                .toList();
    }

    void learn(MetadataImage next) {
        if (parts != null && next.index() > image.index()) {
            MetadataImage before = image;
            image = next;
            parts().partitions().changed(before, next);
            if (world.planted == ReplicaWorld.Planted.TRUNCATION_BY_HIGH_WATERMARK) {
                cutByHighWatermark(before, next);
            }
        }
    }

    private void cutByHighWatermark(MetadataImage before, MetadataImage next) {
        for (FollowerReplica replica : parts().followers().all()) {
            int p = replica.partition().partition();
            Log log = replica.log();
            boolean news = ReplicaWorld.partition(before, p).leaderEpoch()
                    < ReplicaWorld.partition(next, p).leaderEpoch();
            if (log != null && news && log.logEndOffset() > replica.highWatermark()) {
                log.truncateTo(replica.highWatermark());
            }
        }
    }

    // ---------------------------------------------------------------- replication

    private void fetchFrom(int leader) {
        ReplicaRound round = ReplicaRound.with(leader, parts().followers());
        if (round.isEmpty()) {
            soon(25 * ReplicaWorld.MS, () -> fetchFrom(leader));
            return;
        }
        boolean[] over = new boolean[1];
        int mine = life;
        Runnable next = () -> {
            if (!over[0] && mine == life) {
                over[0] = true;
                soon(ReplicaWorld.MS * (2 + world.random.nextInt(15)), () -> fetchFrom(leader));
            }
        };
        byte[] request = round.request(0);
        world.send(id, leader, () -> {
            ReplicaNode there = world.nodes.get(leader);
            if (there != null && there.parts != null) {
                byte[] answer = there.parts().replica().handle(id, request).join();
                world.send(leader, id, () -> {
                    if (mine == life) {
                        take(round, answer, next);
                    }
                });
            }
        });
        soon(120 * ReplicaWorld.MS, next);
    }

    private void take(ReplicaRound round, byte[] answer, Runnable next) {
        Map<FollowerReplica, Long> ends = new HashMap<>();
        parts().followers().all().forEach(replica -> ends.put(replica, end(replica.log())));
        try {
            var _ = round.take(answer, parts().store()).forced().thenRun(next);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        ends.forEach((replica, end) -> {
            if (end(replica.log()) < end) {
                world.mark(ReplicaWorld.Mark.FOLLOWER_CUT);
            }
        });
    }

    @Override
    public void propose(
            TopicPartition partition, int leaderEpoch, int partitionEpoch, List<Integer> isr, IsrChanges.Refusal told) {
        boolean[] answered = new boolean[1];
        int mine = life;
        AlterIsr command = new AlterIsr(
                id,
                incarnation,
                List.of(new IsrChange(partition.topicId(), partition.partition(), leaderEpoch, partitionEpoch, isr)));
        world.send(id, 0, () -> {
            Verdict<Integer> verdict = world.decide(command).getFirst();
            world.send(0, id, () -> {
                if (!answered[0] && mine == life && verdict instanceof Verdict.Refused<Integer> no) {
                    world.mark(ReplicaWorld.Mark.ISR_REFUSED);
                    told.refused(true, no.detail());
                }
                answered[0] = true;
            });
        });
        soon(200 * ReplicaWorld.MS, () -> {
            if (!answered[0]) {
                answered[0] = true;
                world.mark(ReplicaWorld.Mark.ISR_UNKNOWN);
                told.refused(false, "no answer");
            }
        });
    }

    private CompletableFuture<Long> forceSoon(Log log) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        Runnable[] force = new Runnable[1];
        force[0] = () -> {
            if (forces.remove(force[0])) {
                try {
                    done.complete(log.force());
                } catch (StorageFailure e) {
                    done.completeExceptionally(e);
                }
            }
        };
        forces.add(force[0]);
        soon(world.random.nextLong(5 * ReplicaWorld.MS), force[0]);
        return done;
    }

    // ---------------------------------------------------------------- clients and checks

    /** The outcome comes once, or never when this node ends before. */
    void produce(int partition, ByteBuffer batch, boolean all, java.util.function.Consumer<ProduceOutcome> told) {
        if (parts == null) {
            return;
        }
        boolean early = world.planted == ReplicaWorld.Planted.ACKNOWLEDGED_BEFORE_REPLICATION;
        int mine = life;
        var _ = parts().produce()
                .produce(
                        world.topicPartition(partition),
                        batch,
                        new ProduceOptions(all && !early ? Acks.ALL : Acks.LEADER, 60_000, false))
                .thenAccept(outcome -> {
                    if (mine == life) {
                        told.accept(outcome);
                    }
                });
    }

    void read(int partition, long offset) {
        if (parts == null) {
            return;
        }
        FetchPosition position = new FetchPosition(world.topicPartition(partition), offset, 4_096);
        FetchOutcome outcome = parts().fetch()
                .fetch(new FetchRequest(List.of(position), 0, 1 << 20, 0, Isolation.READ_UNCOMMITTED))
                .getFirst();
        if (outcome instanceof FetchOutcome.Data data) {
            try (LogSlice slice = data.slice()) {
                ReplicaStore.records(slice.toBuffer()).forEach((at, value) -> world.told(partition, at, value, false));
            }
        }
    }

    /** The positions where this node serves the partition as its leader. */
    @Nullable
    PartitionOffsets serving(int partition) {
        Parts now = parts;
        return now != null
                        && now.partitions().find(world.topicPartition(partition))
                                instanceof PartitionLookup.Found.Here h
                        && h.loop().offline() == null
                ? h.loop().offsets()
                : null;
    }

    void notBelow(int partition, int epoch, long highWatermark) {
        Long before = highest.put(partition * 1_000_000L + epoch, highWatermark);
        ReplicaWorld.require(
                before == null || highWatermark >= before,
                "high watermark of epoch " + epoch + " fell: " + before + " -> " + highWatermark);
    }

    private static long end(@Nullable Log log) {
        return log == null ? -1 : log.logEndOffset();
    }

    private @Nullable Log log(int partition) {
        Parts now = parts;
        if (now == null
                || !image.node(id).map(n -> n.incarnation().equals(incarnation)).orElse(false)) {
            return null;
        }
        FollowerReplica follower = now.followers().get(world.topicPartition(partition));
        if (follower != null) {
            return follower.log();
        }
        return now.partitions().find(world.topicPartition(partition)) instanceof PartitionLookup.Found.Here h
                ? h.loop().log()
                : null;
    }

    /** Where the log of this life ends; -1 while it is not open. */
    long end(int partition) {
        return end(log(partition));
    }

    Map<Long, String> all(int partition) {
        Log log = Objects.requireNonNull(log(partition));
        Map<Long, String> values = new TreeMap<>();
        long next = 0;
        while (next < log.logEndOffset()) {
            try (LogSlice slice = log.read(next, 1 << 20, log.logEndOffset(), true)) {
                values.putAll(ReplicaStore.records(slice.toBuffer()));
                next = slice.nextOffset();
            }
        }
        return values;
    }
}
