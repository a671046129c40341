package io.jofka.node.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.Compression;
import io.jofka.node.sim.PowerCut;
import io.jofka.node.sim.SimulatedDisk.Operation;
import io.jofka.node.storage.Log.TimestampedOffset;
import io.jofka.node.storage.StorageFailure.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** One random history of a log on the simulated disk, held against the model after each step. */
final class StorageRun {
    private final SplittableRandom random;
    private final LogKit kit = new LogKit();
    private final StorageModel model = new StorageModel();
    private final List<StorageModel.Snapshot> snapshots = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private LogConfig config;
    private LogDirectory directory;
    private Log log;
    private long timestamp = 1_000;
    private int falseAlarms;

    /** To where a truncation that was cut short may have moved the start. */
    private long lowestStart = Long.MAX_VALUE;

    StorageRun(long seed) {
        random = new SplittableRandom(seed);
        config = new LogConfig(
                random.nextInt(300, 20_000),
                1_000_000,
                random.nextInt(1, 3) * 128,
                -1,
                random.nextInt(2_000, 60_000),
                true,
                false,
                1000,
                0,
                Long.MAX_VALUE,
                0.5,
                0);
        directory = kit.open();
        log = LogKit.log(directory, config);
        // so that a cut before the first force does not take the log's folder, which only the image would bring back
        log.force();
    }

    /** How often a power cut was taken for damage. */
    int falseAlarms() {
        return falseAlarms;
    }

    List<String> trace() {
        return trace;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            checkOffsets();
        }
        restartCleanly();
        checkAll();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 45) {
            append(batches());
        } else if (dice < 60) {
            force();
        } else if (dice < 68) {
            checkRead();
        } else if (dice < 72) {
            checkLookUps();
        } else if (dice < 75) {
            truncate();
        } else if (dice < 78) {
            retain();
        } else if (dice < 80) {
            advanceStart();
        } else if (dice < 84) {
            trace.add("checkpoint");
            directory.checkpoint();
        } else if (dice < 86) {
            snapshot();
        } else if (dice < 88) {
            restartCleanly();
        } else if (dice < 90) {
            kill();
        } else if (dice < 93) {
            crash("power lost");
        } else if (dice < 96) {
            cutSomewhere();
        } else if (dice < 98) {
            fillDisk();
        } else {
            breakDisk();
        }
    }

    // ---------------------------------------------------------------- steps

    private List<StorageModel.Batch> batches() {
        List<StorageModel.Batch> batches = new ArrayList<>();
        long next = model.end;
        int epoch = Math.max(0, model.epoch + (random.nextInt(8) == 0 ? 1 : 0));
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            BatchBuilder builder = new BatchBuilder(random.nextInt(4) == 0 ? Compression.GZIP : Compression.NONE, -1);
            List<Long> timestamps = new ArrayList<>();
            int records = random.nextInt(1, 5);
            for (int r = 0; r < records; r++) {
                timestamp += random.nextInt(-3, 8);
                byte[] value = new byte[random.nextInt(random.nextInt(10) == 0 ? 9_000 : 300)];
                random.nextBytes(value);
                builder.append(timestamp, null, ByteBuffer.wrap(value), List.of());
                timestamps.add(timestamp);
            }
            ByteBuffer bytes = builder.build(next, epoch);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            long largest = timestamps.stream().mapToLong(at -> at).max().orElse(-1);
            batches.add(new StorageModel.Batch(next, next + records - 1, epoch, largest, timestamps, copy));
            next += records;
        }
        return batches;
    }

    private void append(List<StorageModel.Batch> batches) {
        trace.add(
                "append " + batches.getFirst().base() + ".." + batches.getLast().last());
        ByteBuffer[] buffers =
                batches.stream().map(batch -> ByteBuffer.wrap(batch.bytes())).toArray(ByteBuffer[]::new);
        List<BatchHeader> headers = List.of(buffers).stream()
                .map(buffer -> BatchHeader.read(buffer, 0))
                .toList();
        log.append(buffers, headers);
        batches.forEach(model::append);
    }

    private void force() {
        trace.add("force");
        long forced = log.force();
        assertThat(forced, is(model.end));
        model.forced = forced;
    }

    private void truncate() {
        long offset = random.nextLong(model.start, model.end + 1);
        trace.add("truncate " + offset);
        log.truncateTo(offset);
        model.truncateTo(offset);
        model.epoch = Math.max(model.epoch, log.latestEpoch()) + 1;
    }

    private void retain() {
        long highWatermark = random.nextLong(model.start, model.end + 1);
        log.applyRetention(timestamp, highWatermark);
        trace.add("retain, start " + model.start + " -> " + log.logStartOffset());
        assertThat(log.logStartOffset(), lessThanOrEqualTo(Math.max(model.start, highWatermark)));
        assertThat(log.logStartOffset(), greaterThanOrEqualTo(model.start));
        model.start = log.logStartOffset();
    }

    private void advanceStart() {
        long offset = random.nextLong(model.start, model.end + 1);
        trace.add("start " + offset);
        log.advanceStart(offset);
        model.start = offset;
    }

    private void snapshot() {
        trace.add("snapshot " + model.end);
        int digest = model.digest(model.end);
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 3_000];
        ByteBuffer.wrap(bytes).putInt(digest);
        log.writeSnapshot(new Log.StateSnapshot(model.end, bytes));
        snapshots.add(new StorageModel.Snapshot(model.end, digest));
    }

    private void restartCleanly() {
        trace.add("clean restart");
        directory.close();
        reopen();
        assertThat(directory.wasClean(), is(true));
        assertThat(log.logEndOffset(), is(model.end));
        assertThat("closing forces", log.forcedOffset(), is(model.end));
        model.forced = model.end;
    }

    private void kill() {
        trace.add("process killed");
        kit.disk.kill();
        reopen();
        assertThat("nothing is lost without a power cut", log.logEndOffset(), is(model.end));
    }

    private void cutSomewhere() {
        kit.disk.cutPowerAt(random.nextInt(1, 12));
        try {
            for (int i = 0; i < 4; i++) {
                duringCut();
            }
            trace.add("no cut");
            crash("power lost after all");
        } catch (PowerCut cut) {
            crash(String.valueOf(cut.getMessage()));
        }
    }

    /** Steps whose outcome is open when the power is cut inside: the model is told before what may be found after. */
    private void duringCut() {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                List<StorageModel.Batch> batches = batches();
                try {
                    append(batches);
                } catch (PowerCut cut) {
                    batches.forEach(model::append);
                    throw cut;
                }
            }
            case 2 -> force();
            case 3 -> {
                long offset = random.nextLong(model.start, model.end + 1);
                trace.add("truncate " + offset);
                long end = model.end;
                model.forced = Math.min(model.forced, offset);
                long boundary = model.batches.stream()
                        .filter(batch -> batch.last() >= offset)
                        .mapToLong(StorageModel.Batch::base)
                        .min()
                        .orElse(end);
                model.forced = Math.min(model.forced, boundary);
                lowestStart = Math.min(model.start, boundary);
                log.truncateTo(offset);
                model.truncateTo(offset);
                lowestStart = Long.MAX_VALUE;
            }
            case 4 -> directory.checkpoint();
            default -> {
                directory.close();
                reopen();
            }
        }
    }

    private void crash(String why) {
        long seed = random.nextLong();
        trace.add("crash: " + why);
        kit.disk.heal();
        kit.disk.crash(seed);
        reopen();
        repair();
        trace.add("recovered, end " + log.logEndOffset() + " of " + model.end + ", forced " + model.forced + " "
                + log.recovery().detail());
        assertThat("nothing forced is lost", log.logEndOffset(), greaterThanOrEqualTo(model.forced));
        assertThat("nothing is invented", log.logEndOffset(), lessThanOrEqualTo(model.end));
        if (log.logEndOffset() == model.start) {
            // all that survived lies below the durable start, which may be inside a batch: an empty log begins there
            model.restartAt(model.start);
        }
        assertThat("the log ends with a batch", model.isBoundary(log.logEndOffset()), is(true));
        assertThat("what is called forced is there", log.forcedOffset(), lessThanOrEqualTo(log.logEndOffset()));
        model.truncateTo(log.logEndOffset());
        if (log.logStartOffset() >= lowestStart) {
            model.start = log.logStartOffset();
        }
        lowestStart = Long.MAX_VALUE;
        checkAll();
    }

    private void fillDisk() {
        kit.disk.limitFreeBytes(random.nextInt(3_000));
        for (int i = 0; i < 3; i++) {
            long end = log.logEndOffset();
            try {
                append(batches());
            } catch (StorageFailure failure) {
                trace.add("disk full");
                assertThat(failure.scope(), is(Scope.FULL));
                assertThat(log.logEndOffset(), is(end));
            }
        }
        kit.disk.heal();
        checkAll();
        append(batches());
    }

    private void breakDisk() {
        Operation operation = random.nextBoolean() ? Operation.FORCE : Operation.WRITE;
        kit.disk.fail(operation, LogPaths.LOG);
        trace.add("broken " + operation);
        List<StorageModel.Batch> batches = batches();
        try {
            append(batches);
            log.force();
            throw new AssertionError("the fault was not noticed");
        } catch (StorageFailure failure) {
            assertThat(failure.scope(), is(Scope.DIRECTORY));
        }
        kit.disk.heal();
        assertThat(directory.offline().isPresent(), is(true));
        for (Runnable change : List.<Runnable>of(log::force, () -> log.truncateTo(0), () -> append(batches()))) {
            try {
                change.run();
                throw new AssertionError("a directory that is offline took a change");
            } catch (StorageFailure failure) {
                assertThat(failure.scope(), is(Scope.DIRECTORY));
            }
        }
        if (operation == Operation.WRITE) {
            batches.forEach(model::append);
        }
        directory.close();
        crash("after a failed " + operation);
    }

    private void reopen() {
        if (Boolean.getBoolean("files")) {
            for (String name : kit.disk.list(LogKit.file(""))) {
                trace.add("    file " + name + " " + kit.disk.size(LogKit.file(name)));
            }
        }
        if (random.nextInt(4) == 0) {
            damageIndexes();
        }
        directory = kit.open();
        log = LogKit.log(directory, config);
    }

    /** Two files of one append that arrive torn and whole look like damage; a person, or the leader's copy, repairs it. */
    private void repair() {
        long damagedAt = log.recovery().damagedAt();
        if (damagedAt >= 0) {
            trace.add("damaged at " + damagedAt + " " + log.recovery().detail());
            falseAlarms++;
            assertThat("damage where all was forced", damagedAt, greaterThanOrEqualTo(model.forced));
            assertThat(log.logEndOffset(), is(damagedAt));
            log.truncateTo(damagedAt);
        }
    }

    private void damageIndexes() {
        for (String name : kit.disk.list(LogKit.file(""))) {
            if (name.endsWith(LogPaths.INDEX) && random.nextBoolean()) {
                long size = kit.disk.size(LogKit.file(name));
                if (random.nextBoolean()) {
                    kit.disk.cutFile(LogKit.file(name), random.nextLong(size + 1));
                } else if (size > 0) {
                    kit.disk.flipBit(LogKit.file(name), random.nextLong(size), random.nextInt(8));
                }
            }
        }
    }

    // ---------------------------------------------------------------- checks

    private void checkOffsets() {
        assertThat("end", log.logEndOffset(), is(model.end));
        assertThat("start", log.logStartOffset(), is(model.start));
    }

    private void checkAll() {
        checkOffsets();
        ByteBuffer expected = model.bytes(model.start, model.end);
        ByteBuffer found = ByteBuffer.allocate(expected.remaining());
        long next = model.start;
        while (next < model.end) {
            try (LogSlice slice = log.read(next, random.nextInt(1, 5_000), model.end, true)) {
                assertThat("something is at " + next, slice.isEmpty(), is(false));
                found.put(slice.toBuffer());
                next = slice.nextOffset();
            }
        }
        assertThat(found.flip(), equalTo(expected));
        Optional<Log.StateSnapshot> snapshot = log.latestSnapshot();
        if (snapshot.isPresent()) {
            int digest = ByteBuffer.wrap(snapshot.get().bytes()).getInt();
            assertThat(
                    "snapshot of this history",
                    digest,
                    is(model.digest(snapshot.get().offset())));
        }
        int epoch = log.latestEpoch();
        int largest = model.batches.stream()
                .filter(batch -> batch.last() >= model.start)
                .mapToInt(StorageModel.Batch::epoch)
                .max()
                .orElse(epoch);
        assertThat("largest epoch", epoch, greaterThanOrEqualTo(largest));
    }

    private void checkRead() {
        long from = random.nextLong(model.start, model.end + 1);
        long to = model.end;
        if (random.nextBoolean() && !model.batches.isEmpty()) {
            to = model.batches.get(random.nextInt(model.batches.size())).base();
        }
        int maxBytes = random.nextInt(1, 30_000);
        try (LogSlice slice = log.read(from, maxBytes, to, true)) {
            if (slice.isEmpty()) {
                assertThat("nothing below the end", from >= to, is(true));
                return;
            }
            assertThat(slice.nextOffset(), lessThanOrEqualTo(to));
            assertThat(slice.toBuffer(), equalTo(model.bytes(from, slice.nextOffset())));
        }
    }

    private void checkLookUps() {
        long to = random.nextLong(model.start, model.end + 1);
        long wanted = random.nextLong(900, timestamp + 20);
        long found =
                log.findByTimestamp(wanted, to).map(TimestampedOffset::offset).orElse(-1L);
        assertThat("timestamp " + wanted + " below " + to, found, is(model.firstAtOrAfter(wanted, to)));
        long largest = log.maxTimestamp(to).map(TimestampedOffset::offset).orElse(-1L);
        assertThat("largest timestamp below " + to, largest, is(model.largest(to)));
    }
}
