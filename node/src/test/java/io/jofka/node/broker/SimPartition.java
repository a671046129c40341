package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicSettings;
import io.jofka.node.sim.PowerCut;
import io.jofka.node.sim.SimulatedClock;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedDisk.Operation;
import io.jofka.node.sim.SimulatedSeed;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogDirectory;
import io.jofka.node.storage.StorageConfig;
import io.jofka.node.storage.StorageFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One partition in one thread: production loop, machine and log over a simulated disk and clock, forces that run when the
 * driver says so. Crashes and comes back.
 */
final class SimPartition implements PartitionLoop.Surroundings {
    /** A fault planted on purpose, to see that the checker finds it. */
    enum Planted {
        NOTHING,
        /** Acknowledges from the page cache although the topic promises forced writes. */
        ACK_BEFORE_FORCE,
        /** Forgets the producers at every start. */
        STATE_NOT_REBUILT,
        /** Shows readers what is not durable yet. */
        READ_ABOVE_HIGH_WATERMARK
    }

    private static final Path ROOT = Path.of("/data/log");
    private static final TopicPartition ID = new TopicPartition(new UUID(1, 2), 0);

    final SimulatedDisk disk = new SimulatedDisk();
    final SimulatedClock clock = new SimulatedClock();
    final SimHistory history = new SimHistory();
    final boolean forced;
    private final RandomGenerator random;
    private final Planted planted;
    private final PartitionSettings settings;
    private final BrokerConfig config;
    private final List<Waiting> forces = new ArrayList<>();
    private int epoch = 1;
    private boolean failed;
    private String lastFailure = "";
    private @Nullable LogDirectory directory;
    private @Nullable PartitionLoop loop;
    private @Nullable Log log;

    private record Waiting(Log log, CompletableFuture<Long> future) {}

    SimPartition(RandomGenerator random, boolean forced, Planted planted) {
        this.random = random;
        this.forced = forced;
        this.planted = planted;
        Map<String, String> configs = new HashMap<>();
        configs.put("segment.bytes", Integer.toString(1 << (10 + random.nextInt(4))));
        configs.put("index.interval.bytes", Integer.toString(64 << random.nextInt(4)));
        configs.put("durability", forced && planted != Planted.ACK_BEFORE_FORCE ? "forced" : "replicated");
        if (random.nextInt(4) == 0) {
            configs.put("retention.bytes", "4096");
        }
        BrokerConfig d = BrokerConfig.defaults();
        this.settings = PartitionSettings.of(TopicSettings.of(configs), d.producerExpiryMs());
        this.config = new BrokerConfig(
                d.queuedCommands(),
                d.queuedBytes(),
                64 << 10,
                1 + random.nextInt(16),
                d.maxInflatedBytes(),
                d.maxInflationRatio(),
                d.maxProducers(),
                d.producerExpiryMs(),
                d.maxFetchWaiters(),
                d.maxWaitMs(),
                1,
                d.tickMs(),
                d.retentionMs(),
                d.compactionMs(),
                d.checkpointMs(),
                10_000);
    }

    boolean hasRetention() {
        return settings.log().retentionBytes() >= 0;
    }

    PartitionLoop loop() {
        PartitionLoop now = loop;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Opens the log as a start of the node does. May throw {@link PowerCut}. */
    void start() {
        failed = false;
        epoch++;
        LogDirectory opened = LogDirectory.open(
                ROOT,
                "cluster",
                disk,
                clock,
                new SimulatedSeed(1),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                StorageConfig.simulated());
        directory = opened;
        Log raw = new DirectoryStore(opened).open(ID, settings.log());
        Log seenByOpener = planted == Planted.STATE_NOT_REBUILT ? new ForgetfulLog(raw) : raw;
        log = raw;
        PartitionImage image = new PartitionImage(0, List.of(1), List.of(1), List.of(), 1, epoch, epoch);
        loop = new PartitionOpener(1, this).open(ID, seenByOpener, image, settings, 0);
        history.restarted(loop.offsets());
        settle();
    }

    /** Lets all forces that are asked for happen. */
    void settle() {
        while (!forces.isEmpty()) {
            runForce();
        }
    }

    void runForce() {
        if (!forces.isEmpty()) {
            Waiting next = forces.removeFirst();
            long offset;
            try {
                offset = next.log().force();
            } catch (StorageFailure e) {
                next.future().completeExceptionally(e);
                return;
            }
            next.future().complete(offset);
        }
    }

    void verify() {
        Log now = log;
        if (now != null && !failed) {
            PartitionOffsets offsets = loop().offsets();
            if (planted == Planted.READ_ABOVE_HIGH_WATERMARK) {
                offsets = new PartitionOffsets(
                        offsets.logStartOffset(),
                        offsets.lastStableOffset(),
                        offsets.logEndOffset(),
                        offsets.logEndOffset(),
                        offsets.leaderEpoch());
            }
            history.verify(now, offsets);
        }
    }

    void raiseEpoch() {
        epoch++;
        loop().reassign(new PartitionImage(0, List.of(1), List.of(1), List.of(), 1, epoch, epoch));
    }

    void deleteRecords() {
        long upTo = loop().offsets().highWatermark();
        long before = upTo == 0 ? 0 : random.nextLong(upTo + 1);
        history.deleteAsked(before);
        CompletableFuture<Result<Long>> answer = loop().deleteRecords(before);
        SimHistory.check(answer.isDone(), "delete-records did not answer");
        if (answer.resultNow() instanceof Result.Ok<Long> ok) {
            SimHistory.check(
                    loop().offsets().logStartOffset() == ok.value() && ok.value() >= before, "wrong start %s", ok);
        }
    }

    void retention() {
        if (hasRetention()) {
            history.retentionRan();
        }
        PartitionLoop now = loop();
        now.maintain(l -> {
            try {
                l.applyRetention(clock.wallMs(), now.offsets().highWatermark());
            } catch (StorageFailure e) {
                storageFailed(ID, e);
                now.fail(Fault.STORAGE_OFFLINE, "retention failed");
            }
        });
    }

    void stop() {
        CompletableFuture<@Nullable Void> closed = loop().close(Fault.SHUTTING_DOWN, "stop");
        settle();
        SimHistory.check(closed.isDone() || failed, "the partition did not close");
        LogDirectory now = directory;
        try {
            if (now != null) {
                now.close();
            }
        } catch (StorageFailure e) {
            // no clean stop, then: the process ends with an error
            disk.kill();
        }
        gone();
    }

    /** The process dies; what the system had taken stays. */
    void kill() {
        disk.kill();
        disk.heal();
        gone();
    }

    void cutPower() {
        disk.heal();
        disk.crash(random.nextLong());
        gone();
    }

    /** The start did not work: the power goes again. */
    void startFailed(Throwable why) {
        lastFailure = String.valueOf(why.getMessage());
        cutPower();
    }

    String lastFailure() {
        return lastFailure;
    }

    long logEnd() {
        Log now = log;
        return now == null ? 0 : now.logEndOffset();
    }

    private void gone() {
        forces.clear();
        loop = null;
        log = null;
        directory = null;
    }

    void failSomething() {
        Operation operation = random.nextBoolean() ? Operation.FORCE : Operation.WRITE;
        disk.fail(operation, random.nextBoolean() ? ".log" : "", random.nextInt(3));
    }

    @Override
    public BrokerConfig config() {
        return config;
    }

    @Override
    public FlatCombiner.Limits limits() {
        return new FlatCombiner.Limits(
                config.queuedCommands(), config.queuedBytes(), config.drainRounds(), Runnable::run);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public IsrProposals isrProposals() {
        return (partition, leaderEpoch, partitionEpoch, isr, refusal) -> {};
    }

    @Override
    public ForceQueue forces() {
        return asked -> {
            CompletableFuture<Long> future = new CompletableFuture<>();
            forces.add(new Waiting(asked, future));
            return future;
        };
    }

    @Override
    public void waiting(PartitionLoop waits, boolean waiting) {}

    @Override
    public String full(TopicPartition partition, StorageFailure failure) {
        return "full";
    }

    @Override
    public void storageFailed(TopicPartition partition, StorageFailure failure) {
        failed = true;
    }

    @Override
    public void bug(TopicPartition partition, Throwable bug) {
        throw new AssertionError("a bug in the loop", bug);
    }
}
