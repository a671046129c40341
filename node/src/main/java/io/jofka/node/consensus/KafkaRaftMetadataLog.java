package io.jofka.node.consensus;

import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.common.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.raft.Batch;
import org.apache.kafka.raft.BatchReader;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.RaftClient;
import org.apache.kafka.raft.errors.BufferAllocationException;
import org.apache.kafka.raft.errors.NotLeaderException;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.SnapshotReader;
import org.apache.kafka.snapshot.SnapshotWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@link MetadataLog} on kafka-raft. The engine's thread calls the listener; {@link GuardedRaftLog} may end a run of the
 * engine, which is then started again here on a thread of its own.
 */
public final class KafkaRaftMetadataLog implements MetadataLog {
    private static final System.Logger LOGGER = System.getLogger(KafkaRaftMetadataLog.class.getName());
    private static final int SNAPSHOT_BATCH = 500;

    private final RaftConfig config;
    private final Net net;
    private final Clock clock;
    private volatile MetadataFolder folder;
    private final Waiting waiting = new Waiting();
    private final ReentrantLock life = new ReentrantLock();
    private volatile @Nullable Engine engine;
    private volatile boolean closed;

    /**
     * Opens the folder and formats it when it is new.
     *
     * @throws RefusedFolder when it must not be used as it is
     */
    public KafkaRaftMetadataLog(RaftConfig config, Net net, Clock clock, Seed seed) {
        this.config = config;
        this.net = net;
        this.clock = clock;
        this.folder = MetadataFolder.open(config, seed);
        net.serve(Net.Call.RAFT, (from, bytes) -> {
            Engine running = engine;
            return running == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("the metadata log is not running"))
                    : RaftChannel.receive(running, bytes, clock.wallMs());
        });
        net.serve(
                Net.Call.STANDING,
                (from, bytes) -> CompletableFuture.completedFuture(standing().toBytes()));
    }

    private Standing standing() {
        Engine running = engine;
        MetadataFolder.Membership membership = folder.membership();
        if (membership == MetadataFolder.Membership.LOST || !config.isVoter()) {
            return new Standing(Standing.Past.LOST, 0);
        }
        if (running == null && membership == MetadataFolder.Membership.SETTLED) {
            throw new IllegalStateException("the metadata log is not running");
        }
        if (running == null) {
            return new Standing(Standing.Past.NONE, 0);
        }
        boolean history = running.client().logEndOffset() > 0 || running.log().lastFetchedEpoch() > 0;
        return new Standing(
                history ? Standing.Past.HISTORY : Standing.Past.NONE,
                running.client().leaderAndEpoch().epoch());
    }

    @Override
    public void start(Listener listener) {
        if (folder.membership() == MetadataFolder.Membership.SETTLED) {
            startEngine(listener);
        } else {
            Thread.ofPlatform().name("jofka-metadata-joining").daemon().start(() -> join(listener));
        }
    }

    /** Finds out whether this voter may vote, and follows until it may. */
    private void join(Listener listener) {
        try {
            Joining joining = new Joining(config.otherVoters(), net, clock, () -> closed);
            switch (joining.await(folder.membership() == MetadataFolder.Membership.LOST)) {
                case Joining.Outcome.Closed _ -> {}
                case Joining.Outcome.FirstStart _ -> {
                    folder = folder.with(MetadataFolder.Membership.SETTLED);
                    startEngine(listener);
                }
                case Joining.Outcome.Lost(int term) -> {
                    LOGGER.log(
                            System.Logger.Level.WARNING,
                            "the cluster has a history that this voter has not: it follows until it has caught up with"
                                    + " term {0}",
                            term);
                    folder = folder.with(MetadataFolder.Membership.LOST);
                    startEngine(listener);
                    Engine running = engine;
                    if (running != null && Joining.awaitCaughtUp(running, term, () -> closed)) {
                        stopEngine();
                        folder = folder.with(MetadataFolder.Membership.SETTLED);
                        LOGGER.log(System.Logger.Level.INFO, "caught up: this node votes again");
                        startEngine(listener);
                    }
                }
            }
        } catch (RuntimeException e) {
            if (!closed) {
                listener.failed(e);
            }
        }
    }

    private void startEngine(Listener listener) {
        life.lock();
        try {
            if (closed) {
                return;
            }
            Forward forward = new Forward(listener);
            listener.loaded(-1, 0, Collections.emptyIterator());
            Engine started = new Engine(
                    config, folder, net, clock, forward, (message, cause) -> ended(listener, message, cause));
            engine = started;
            started.start();
        } finally {
            life.unlock();
        }
    }

    private RuntimeException ended(Listener listener, String message, Throwable cause) {
        for (Throwable step = cause; step != null; step = step.getCause()) {
            if (step instanceof GuardedRaftLog.Shortened shortened) {
                LOGGER.log(System.Logger.Level.WARNING, shortened.getMessage());
                Thread.ofPlatform().name("jofka-metadata-restart").start(() -> restart(listener));
                return shortened;
            }
        }
        if (!closed) {
            waiting.lost(Integer.MAX_VALUE, "the metadata log has failed");
            listener.failed(cause);
        }
        return new IllegalStateException(message, cause);
    }

    private void restart(Listener listener) {
        try {
            stopEngine();
            waiting.lost(Integer.MAX_VALUE, "the Raft engine was started anew");
            startEngine(listener);
        } catch (RuntimeException e) {
            listener.failed(e);
        }
    }

    @Override
    public CompletableFuture<Long> append(int term, List<byte[]> records) {
        Engine running = engine;
        if (running == null) {
            return CompletableFuture.failedFuture(new NotLeader("the metadata log is not running"));
        }
        try {
            CompletableFuture<Long> done =
                    waiting.append(term, () -> running.client().prepareAppend(term, records));
            running.client().schedulePreparedAppend();
            return done;
        } catch (NotLeaderException e) {
            return CompletableFuture.failedFuture(new NotLeader("this node does not lead term " + term));
        } catch (RecordBatchTooLargeException | BufferAllocationException e) {
            return CompletableFuture.failedFuture(new TooLarge("the change is too large for one batch of metadata"));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new NotLeader("term " + term + " is over"));
        }
    }

    @Override
    public void resign(int term) {
        Engine running = engine;
        if (running != null) {
            running.client().resign(term);
        }
    }

    @Override
    public void transfer(int term, int successor) {
        Engine running = engine;
        if (running != null) {
            running.transfer(term, successor);
        }
    }

    @Override
    public QuorumView status() {
        Engine running = engine;
        if (running == null) {
            return new QuorumView(config.nodeId(), 0, -1, 0, 0, List.of(), List.of(), Optional.empty());
        }
        return EngineStatus.of(running, config, folder, clock);
    }

    @Override
    public boolean snapshot(long index, int term, Iterator<byte[]> records) {
        Engine running = engine;
        if (running == null) {
            return false;
        }
        Optional<SnapshotWriter<byte[]>> created =
                running.client().createSnapshot(new OffsetAndEpoch(index + 1, term), clock.wallMs());
        if (created.isEmpty()) {
            return false;
        }
        try (SnapshotWriter<byte[]> writer = created.get()) {
            List<byte[]> batch = new ArrayList<>(SNAPSHOT_BATCH);
            while (records.hasNext()) {
                batch.add(records.next());
                if (batch.size() == SNAPSHOT_BATCH || !records.hasNext()) {
                    writer.append(List.copyOf(batch));
                    batch.clear();
                }
            }
            writer.freeze();
        }
        return true;
    }

    @Override
    public UUID directoryId() {
        return folder.directoryId();
    }

    @Override
    public String clusterId() {
        return folder.clusterId();
    }

    @Override
    public void close() {
        closed = true;
        stopEngine();
        waiting.lost(Integer.MAX_VALUE, "the node is shutting down");
        folder.unlock();
    }

    private void stopEngine() {
        life.lock();
        try {
            Engine running = engine;
            engine = null;
            if (running != null) {
                running.close();
            }
        } finally {
            life.unlock();
        }
    }

    /** Turns the engine's callbacks into ours; all on the engine's thread. */
    private final class Forward implements RaftClient.Listener<byte[]> {
        private final Listener listener;

        Forward(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void handleCommit(BatchReader<byte[]> reader) {
            try (reader) {
                while (reader.hasNext()) {
                    Batch<byte[]> batch = reader.next();
                    if (!batch.records().isEmpty()) {
                        listener.committed(batch.epoch(), numbered(batch));
                    }
                    waiting.committed(batch.lastOffset(), batch.epoch());
                }
            }
        }

        private static List<Committed> numbered(Batch<byte[]> batch) {
            List<Committed> records = new ArrayList<>(batch.records().size());
            long index = batch.baseOffset();
            for (byte[] record : batch.records()) {
                records.add(new Committed(index++, record));
            }
            return records;
        }

        @Override
        public void handleLoadSnapshot(SnapshotReader<byte[]> reader) {
            try (reader) {
                listener.loaded(reader.lastContainedLogOffset(), reader.lastContainedLogEpoch(), flatten(reader));
            }
        }

        @Override
        public void handleLoadBootstrap(SnapshotReader<byte[]> reader) {
            reader.close();
        }

        @Override
        public void handleLeaderChange(LeaderAndEpoch leader) {
            waiting.lost(leader.epoch(), "leadership was lost before the commit");
            listener.leader(leader.leaderId().orElse(-1), leader.epoch());
        }

        private static Iterator<byte[]> flatten(SnapshotReader<byte[]> reader) {
            return new Iterator<>() {
                private Iterator<byte[]> batch = Collections.emptyIterator();

                @Override
                public boolean hasNext() {
                    while (!batch.hasNext() && reader.hasNext()) {
                        batch = reader.next().records().iterator();
                    }
                    return batch.hasNext();
                }

                @Override
                public byte[] next() {
                    if (!hasNext()) {
                        throw new java.util.NoSuchElementException();
                    }
                    return batch.next();
                }
            };
        }
    }
}
