package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.LogSlice;
import io.jofka.node.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches from the partitions that this node leads. A fetch that finds too little parks its own (virtual) thread and is
 * woken by the next partition that moves; nothing polls. Thread-safe.
 */
final class LocalFetchService implements FetchService {
    private static final long NANOS_PER_MS = 1_000_000L;

    private final PartitionLookup partitions;
    private final PartitionLoop.Surroundings around;
    private final Clock clock;
    private final BrokerMetrics metrics;
    /** How many fetches may wait; one that gets no permit answers with what is there. */
    private final Semaphore waiting;

    LocalFetchService(PartitionLookup partitions, PartitionLoop.Surroundings around, BrokerMetrics metrics) {
        this.partitions = partitions;
        this.around = around;
        this.clock = around.clock();
        this.metrics = metrics;
        this.waiting = new Semaphore(around.config().maxFetchWaiters());
    }

    /** One position while its request is served. */
    private static final class Reading {
        final FetchPosition position;

        @Nullable
        PartitionLoop loop;
        /** The positions that the outcome was read from; another object later means that something has moved. */
        @Nullable
        PartitionOffsets seen;

        FetchOutcome outcome;

        Reading(FetchPosition position) {
            this.position = position;
            this.outcome = new FetchOutcome.Refused(Fault.NOT_LEADER, "", PartitionOffsets.UNKNOWN);
        }
    }

    @Override
    public List<FetchOutcome> fetch(FetchRequest request) {
        metrics.fetches.increment();
        int waitMs = Math.clamp(request.maxWaitMs(), 0, around.config().maxWaitMs());
        long deadlineNanos = clock.nanos() + waitMs * NANOS_PER_MS;
        List<Reading> readings = new ArrayList<>(request.positions().size());
        for (FetchPosition position : request.positions()) {
            readings.add(new Reading(position));
        }
        boolean enough = read(request, readings, deadlineNanos);
        if (!enough && waitMs > 0 && waiting.tryAcquire()) {
            try {
                while (!enough
                        && deadlineNanos - clock.nanos() > 0
                        && !Thread.currentThread().isInterrupted()) {
                    awaitMove(readings, deadlineNanos);
                    closeAll(readings);
                    enough = read(request, readings, deadlineNanos);
                }
            } finally {
                waiting.release();
            }
        }
        List<FetchOutcome> outcomes = new ArrayList<>(readings.size());
        for (Reading reading : readings) {
            outcomes.add(reading.outcome);
            if (reading.outcome instanceof FetchOutcome.Data data) {
                metrics.fetchedBytes.add(data.slice().sizeBytes());
            }
        }
        return outcomes;
    }

    private void awaitMove(List<Reading> readings, long deadlineNanos) {
        metrics.fetchWaits.increment();
        FetchWaiter waiter = new FetchWaiter();
        try {
            for (Reading reading : readings) {
                PartitionLoop loop = reading.loop;
                if (loop != null) {
                    loop.register(waiter);
                    if (!loop.offsets().equals(reading.seen) || loop.offline() != null) {
                        return;
                    }
                }
            }
            waiter.await(deadlineNanos - clock.nanos());
        } finally {
            for (Reading reading : readings) {
                PartitionLoop loop = reading.loop;
                if (loop != null) {
                    loop.unregister(waiter);
                }
            }
        }
    }

    /** Reads all positions once; true when the answer should go out. */
    private boolean read(FetchRequest request, List<Reading> readings, long deadlineNanos) {
        long bytes = 0;
        boolean enough = readings.isEmpty();
        try {
            for (Reading reading : readings) {
                long left = Math.max(0, request.maxBytes() - bytes);
                enough |= readOne(reading, (int) left, bytes == 0, request.isolation(), deadlineNanos);
                if (reading.outcome instanceof FetchOutcome.Data data) {
                    bytes += data.slice().sizeBytes();
                }
            }
        } catch (RuntimeException e) {
            closeAll(readings);
            throw e;
        }
        return enough || bytes >= request.minBytes();
    }

    private static void closeAll(List<Reading> readings) {
        for (Reading reading : readings) {
            if (reading.outcome instanceof FetchOutcome.Data data) {
                data.slice().close();
                reading.outcome =
                        new FetchOutcome.Data(new NoData(reading.position.offset()), data.offsets(), data.aborted());
            }
        }
    }

    /** Reads one position; true when the request should be answered for its sake. */
    private boolean readOne(
            Reading reading, int bytesLeft, boolean nothingYet, Isolation isolation, long deadlineNanos) {
        PartitionLookup.Found found = partitions.find(reading.position.partition());
        if (found instanceof PartitionLookup.Found.Opening opening) {
            found = opened(opening, deadlineNanos);
        }
        if (!(found instanceof PartitionLookup.Found.Here here)) {
            PartitionLookup.Found.NotHere not = found instanceof PartitionLookup.Found.NotHere n
                    ? n
                    : new PartitionLookup.Found.NotHere(Fault.LEADER_NOT_AVAILABLE, "The partition is being opened.");
            reading.loop = null;
            reading.outcome = new FetchOutcome.Refused(not.fault(), not.detail(), PartitionOffsets.UNKNOWN);
            return true;
        }
        PartitionLoop loop = here.loop();
        PartitionOffsets offsets = loop.offsets();
        reading.loop = loop;
        reading.seen = offsets;
        Optional<FetchOutcome> objection = objection(reading.position, loop, offsets);
        if (objection.isPresent()) {
            reading.outcome = objection.get();
            return true;
        }
        try {
            return readData(reading, loop, offsets, bytesLeft, nothingYet, isolation);
        } catch (StorageFailure e) {
            PartitionLoop.Offline why = loop.offline();
            if (why == null) {
                around.storageFailed(loop.partition(), e);
                loop.fail(Fault.STORAGE_OFFLINE, "A read of the partition failed: " + e.getMessage());
                why = new PartitionLoop.Offline(Fault.STORAGE_OFFLINE, "A read of the partition failed.");
            }
            reading.outcome = new FetchOutcome.Refused(why.fault(), why.detail(), offsets);
            return true;
        }
    }

    private PartitionLookup.Found opened(PartitionLookup.Found.Opening opening, long deadlineNanos) {
        try {
            return opening.opened().get(Math.max(0, deadlineNanos - clock.nanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // answered as not available
        }
        return opening;
    }

    private static Optional<FetchOutcome> objection(
            FetchPosition position, PartitionLoop loop, PartitionOffsets offsets) {
        PartitionLoop.Offline why = loop.offline();
        if (why != null) {
            return Optional.of(new FetchOutcome.Refused(why.fault(), why.detail(), offsets));
        }
        Optional<Fault> fence = EpochFence.check(position.currentLeaderEpoch(), offsets.leaderEpoch());
        if (fence.isPresent()) {
            String detail = EpochFence.detail(position.currentLeaderEpoch(), offsets.leaderEpoch());
            return Optional.of(new FetchOutcome.Refused(fence.get(), detail, offsets));
        }
        if (position.lastFetchedEpoch() >= 0) {
            EpochEnd end = loop.log().endOffsetFor(position.lastFetchedEpoch());
            if (end.epoch() < 0) {
                return Optional.of(outOfRange(position, offsets));
            }
            if (end.epoch() < position.lastFetchedEpoch() || end.endOffset() < position.offset()) {
                return Optional.of(new FetchOutcome.Diverged(end, offsets));
            }
        }
        // between high watermark and log end nothing is visible yet, but the offset is a good one (as in Kafka)
        return position.offset() < offsets.logStartOffset() || position.offset() > offsets.logEndOffset()
                ? Optional.of(outOfRange(position, offsets))
                : Optional.empty();
    }

    private static FetchOutcome outOfRange(FetchPosition position, PartitionOffsets offsets) {
        return new FetchOutcome.Refused(
                Fault.OFFSET_OUT_OF_RANGE,
                "Offset " + position.offset() + " is not in the log, which has " + offsets.logStartOffset() + " to "
                        + offsets.logEndOffset() + ".",
                offsets);
    }

    private static boolean readData(
            Reading reading,
            PartitionLoop loop,
            PartitionOffsets offsets,
            int bytesLeft,
            boolean nothingYet,
            Isolation isolation) {
        FetchPosition position = reading.position;
        long end = isolation == Isolation.READ_COMMITTED ? offsets.lastStableOffset() : offsets.highWatermark();
        int bytes = Math.min(position.maxBytes(), bytesLeft);
        if (position.offset() >= end || (bytes == 0 && !nothingYet)) {
            reading.outcome = new FetchOutcome.Data(new NoData(position.offset()), offsets, List.of());
            return false;
        }
        LogSlice slice = loop.log().read(position.offset(), bytes, end, nothingYet);
        try {
            List<AbortedTransaction> aborted = isolation == Isolation.READ_COMMITTED && !slice.isEmpty()
                    ? loop.log().abortedIn(slice.baseOffset(), slice.nextOffset())
                    : List.of();
            reading.outcome = new FetchOutcome.Data(slice, offsets, aborted);
        } catch (RuntimeException e) {
            slice.close();
            throw e;
        }
        // a slice ends with its segment: what follows in the next one is there already, so waiting gains nothing
        return !slice.isEmpty() && slice.nextOffset() < end;
    }
}
