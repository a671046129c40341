package io.jofka.node.broker;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.partition.ProducerSnapshot;
import io.jofka.node.partition.ProducerState;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.StateSnapshot;
import io.jofka.node.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A replica that follows: takes the leader's batches byte for byte, cuts its log where it diverges from the leader's by
 * epoch (KIP-101), never by high watermark. Thread-safe; every answer names the position it was asked for, and one that
 * comes too late is dropped.
 */
final class FollowerReplica {
    /** What is asked for: everything below {@code offset} is here. */
    record Position(int leaderEpoch, long offset, int lastEpoch) {}

    private final TopicPartition partition;
    private final PartitionOpener opener;
    private final ReentrantLock maintenance = new ReentrantLock();

    private PartitionImage image;
    private PartitionSettings settings;
    private @Nullable Log log;
    private ProducerState producers;
    private @Nullable CompletableFuture<Long> force;
    private final List<HandedOver> waiting = new ArrayList<>();
    private boolean closed;
    private long highWatermark;
    private String offline = "";

    FollowerReplica(
            TopicPartition partition, PartitionImage image, PartitionSettings settings, PartitionOpener opener) {
        this.partition = partition;
        this.image = image;
        this.settings = settings;
        this.opener = opener;
        this.producers = new ProducerState(opener.config().maxProducers());
    }

    TopicPartition partition() {
        return partition;
    }

    synchronized int leader() {
        return image.leader();
    }

    /** Whether it is being moved to this node and is not in sync yet. */
    synchronized boolean isArriving() {
        return image.adding().contains(opener.self()) && !image.isr().contains(opener.self());
    }

    synchronized int leaderEpoch() {
        return image.leaderEpoch();
    }

    synchronized long highWatermark() {
        return highWatermark;
    }

    /** Why it does not follow; empty while it does. */
    synchronized String offline() {
        return offline;
    }

    synchronized @Nullable Log log() {
        return log;
    }

    synchronized PartitionSettings settings() {
        return settings;
    }

    /** Opens the log; in an opener's thread, once. What is damaged is cut and fetched again from the leader. */
    synchronized void open(LogStore store) {
        if (closed) {
            return;
        }
        Log opened = store.open(partition, settings.log());
        try {
            long damagedAt = opened.recovery().damagedAt();
            if (damagedAt >= 0) {
                opened.truncateTo(Math.max(damagedAt, opened.logStartOffset()));
            }
            producers = opener.state(opened).producers();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        log = opened;
    }

    synchronized void update(PartitionImage newImage, PartitionSettings newSettings) {
        image = newImage;
        Log now = log;
        if (!newSettings.equals(settings)) {
            settings = newSettings;
            if (now != null && offline.isEmpty() && !closed) {
                now.configure(newSettings.log());
            }
        }
    }

    /**
     * Appends of the leader that this node was. They must come before the log is open: a log that has been cut since may
     * have other records at their offsets, and they would be taken for acknowledged.
     */
    synchronized void adopt(List<HandedOver> appends) {
        for (HandedOver append : appends) {
            append.expireAfter(append.deadlineNanos() - opener.nowNanos());
        }
        waiting.addAll(appends);
        if (closed || log != null) {
            forget();
        }
    }

    synchronized boolean someWait() {
        waiting.removeIf(append -> append.future().isDone());
        return !waiting.isEmpty();
    }

    private void forget() {
        waiting.forEach(HandedOver::unknown);
        waiting.clear();
    }

    private void answerCommitted(long logStart) {
        waiting.removeIf(append -> {
            boolean committed = append.lastOffset() < highWatermark;
            if (committed) {
                append.committed(logStart);
            }
            return committed;
        });
    }

    synchronized void fail(String why) {
        forget();
        if (offline.isEmpty()) {
            offline = why;
        }
    }

    /** Empty while there is nothing to ask: not open, closed, failed, no leader. */
    synchronized Optional<Position> position() {
        Log now = log;
        return now == null || closed || !offline.isEmpty() || image.leader() < 0
                ? Optional.empty()
                : Optional.of(new Position(image.leaderEpoch(), now.logEndOffset(), now.latestEpoch()));
    }

    /** The log, if the answer to this position still has a meaning. */
    private @Nullable Log current(Position asked) {
        Optional<Position> here = position();
        return here.isPresent() && here.get().equals(asked) ? log : null;
    }

    /**
     * Appends the leader's batches. Returns whether anything was appended.
     *
     * @throws BadBatch when the bytes are no whole batches that continue this log; nothing was appended
     */
    synchronized boolean append(Position asked, ByteBuffer batches, long leaderHighWatermark, long leaderStart) {
        Log now = current(asked);
        if (now == null) {
            return false;
        }
        boolean empty = now.logStartOffset() == now.logEndOffset();
        List<BatchHeader> headers = headers(batches, asked, empty);
        if (!headers.isEmpty()) {
            if (headers.getFirst().baseOffset() < asked.offset()) {
                // the leader's log starts in the middle of this batch, and ours has nothing yet
                now.truncateTo(headers.getFirst().baseOffset());
            }
            now.append(new ByteBuffer[] {batches}, headers);
            opener.replay(now, producers, asked.offset());
        }
        highWatermark = Math.max(highWatermark, Math.min(leaderHighWatermark, now.logEndOffset()));
        if (!waiting.isEmpty()) {
            answerCommitted(leaderStart);
        }
        if (leaderStart > now.logStartOffset()) {
            now.advanceStart(Math.min(leaderStart, now.logEndOffset()));
        }
        return !headers.isEmpty();
    }

    private static List<BatchHeader> headers(ByteBuffer batches, Position asked, boolean empty) {
        List<BatchHeader> headers = new ArrayList<>();
        long next = asked.offset();
        int position = batches.position();
        for (BatchReader reader : BatchSequence.of(batches, InflationLimits.defaults())) {
            BatchHeader header = reader.header();
            boolean continues =
                    header.baseOffset() >= next || (empty && headers.isEmpty() && header.lastOffset() >= next);
            boolean good = continues
                    && header.leaderEpoch() <= asked.leaderEpoch()
                    && BatchFields.crcMatches(batches, position);
            if (!good) {
                throw new BadBatch(
                        Fault.CORRUPT_BATCH,
                        "the batch at offset " + header.baseOffset() + " does not continue the log at " + next
                                + ", or is damaged");
            }
            headers.add(header);
            next = header.nextOffset();
            position += header.sizeBytes();
        }
        return headers;
    }

    /** The leader's last epoch at or below ours ends there: what we have beyond is not the leader's. */
    synchronized void diverged(Position asked, EpochEnd leaders) {
        Log now = current(asked);
        if (now != null) {
            EpochEnd own = now.endOffsetFor(leaders.epoch());
            cut(now, Math.min(leaders.endOffset(), own.epoch() < 0 ? now.logStartOffset() : own.endOffset()));
        }
    }

    /** The leader's log does not have our end. */
    synchronized void outOfRange(Position asked, long leaderStart, long leaderEnd) {
        Log now = current(asked);
        if (now == null) {
            return;
        }
        if (now.logEndOffset() < leaderStart) {
            forget();
            now.advanceStart(leaderStart);
            rebuild(now);
        } else {
            cut(now, now.logEndOffset() > leaderEnd ? leaderEnd : leaderStart);
        }
    }

    private void cut(Log now, long offset) {
        if (offset < now.logEndOffset()) {
            waiting.removeIf(append -> {
                if (append.written().baseOffset() >= offset) {
                    append.cut();
                } else if (append.lastOffset() >= offset) {
                    // a part of its batches stays
                    append.unknown();
                }
                return append.lastOffset() >= offset;
            });
            now.truncateTo(Math.max(offset, 0));
            rebuild(now);
        }
    }

    private void rebuild(Log now) {
        highWatermark = Math.min(highWatermark, now.logEndOffset());
        producers = opener.state(now).producers();
    }

    /** Starts to force what was appended, where the topic's acknowledgements ask for it. */
    synchronized Optional<CompletableFuture<Long>> startForce(ForceQueue forces) {
        Log now = log;
        if (now == null || closed || !offline.isEmpty() || !settings.rules().forced()) {
            return Optional.empty();
        }
        CompletableFuture<Long> started = forces.forceSoon(now);
        force = started;
        return Optional.of(started);
    }

    /** Retention or compaction beside appends; left out while another runs or the replica is closing. */
    void maintain(Consumer<Log> work) {
        Log now = log();
        if (now != null && offline().isEmpty() && maintenance.tryLock()) {
            try {
                if (!isClosed()) {
                    work.accept(now);
                }
            } catch (StorageFailure e) {
                if (e.scope() != StorageFailure.Scope.FULL) {
                    fail("Housekeeping failed: " + e.getMessage());
                }
            } finally {
                maintenance.unlock();
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Forces what is there and stores the producers as of then. */
    synchronized void checkpoint() {
        Log now = log;
        if (now != null && !closed && offline.isEmpty()) {
            store(now);
        }
    }

    private void store(Log now) {
        long end = now.logEndOffset();
        if (end > 0 && now.latestSnapshot().map(StateSnapshot::offset).orElse(-1L) < end) {
            if (now.forcedOffset() < end) {
                now.force();
            }
            now.writeSnapshot(new StateSnapshot(end, ProducerSnapshot.encode(producers, end)));
        }
    }

    /** Ends following and closes the log; blocks until nothing works on it any more. */
    void close() {
        end(false);
    }

    /** Ends following and removes the files. */
    void delete(LogStore store) {
        if (!end(true)) {
            store.remove(partition);
        }
    }

    private boolean end(boolean delete) {
        CompletableFuture<Long> running;
        synchronized (this) {
            if (closed) {
                return true;
            }
            closed = true;
            forget();
            running = force;
        }
        if (running != null) {
            running.handle((offset, failure) -> 0).join();
        }
        maintenance.lock();
        try {
            synchronized (this) {
                Log now = log;
                if (now == null) {
                    return false;
                }
                if (delete) {
                    now.delete();
                } else {
                    if (offline.isEmpty()) {
                        store(now);
                    }
                    now.close();
                }
                return true;
            }
        } finally {
            maintenance.unlock();
        }
    }
}
