package io.jofka.node.consensus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.LogFetchInfo;
import org.apache.kafka.raft.LogOffsetMetadata;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;

/**
 * Passes everything to the engine's log and ends the engine when a truncation really shortened the log. kafka-raft 4.4.0
 * does not move its reading position of voter sets back on truncation, so that it may keep a voter set that is no longer
 * in the log, be elected by too few and replace committed entries. An engine that starts anew reads all control records.
 */
final class GuardedRaftLog implements RaftLog {
    private final RaftLog log;
    private final ForcedMark mark;

    GuardedRaftLog(RaftLog log, ForcedMark mark) {
        this.log = log;
        this.mark = mark;
    }

    private void mark(long endIndex) {
        try {
            mark.write(endIndex);
        } catch (IOException e) {
            throw new UncheckedIOException("the forced mark cannot be written", e);
        }
    }

    /** Ends one run of the engine; the log on disk is as it must be. */
    static final class Shortened extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Shortened(long from, long to) {
            super("the metadata log was shortened from " + from + " to " + to + ": the engine starts anew");
        }
    }

    @Override
    public void truncateTo(long offset) {
        long before = log.endOffset().offset();
        mark(Math.min(before, offset));
        log.truncateTo(offset);
        long after = log.endOffset().offset();
        if (after < before) {
            log.flush(true);
            throw new Shortened(before, after);
        }
    }

    @Override
    public boolean truncateToLatestSnapshot() {
        long before = log.endOffset().offset();
        mark(0);
        boolean truncated = log.truncateToLatestSnapshot();
        long after = log.endOffset().offset();
        if (after < before) {
            log.flush(true);
            throw new Shortened(before, after);
        }
        return truncated;
    }

    @Override
    public LogAppendInfo appendAsLeader(Records records, int epoch) {
        return log.appendAsLeader(records, epoch);
    }

    @Override
    public LogAppendInfo appendAsFollower(Records records, int epoch) {
        return log.appendAsFollower(records, epoch);
    }

    @Override
    public LogFetchInfo read(long startOffset, Isolation isolation, int maxTotalBytes) {
        return log.read(startOffset, isolation, maxTotalBytes);
    }

    @Override
    public int lastFetchedEpoch() {
        return log.lastFetchedEpoch();
    }

    @Override
    public OffsetAndEpoch endOffsetForEpoch(int epoch) {
        return log.endOffsetForEpoch(epoch);
    }

    @Override
    public LogOffsetMetadata endOffset() {
        return log.endOffset();
    }

    @Override
    public LogOffsetMetadata highWatermark() {
        return log.highWatermark();
    }

    @Override
    public long startOffset() {
        return log.startOffset();
    }

    @Override
    public void initializeLeaderEpoch(int epoch) {
        log.initializeLeaderEpoch(epoch);
    }

    @Override
    public void updateHighWatermark(LogOffsetMetadata highWatermark) {
        log.updateHighWatermark(highWatermark);
    }

    @Override
    public boolean deleteBeforeSnapshot(OffsetAndEpoch snapshotId) {
        return log.deleteBeforeSnapshot(snapshotId);
    }

    @Override
    public void flush(boolean forceFlushActiveSegment) {
        long end = log.endOffset().offset();
        log.flush(forceFlushActiveSegment);
        mark(end);
    }

    @Override
    public boolean maybeClean() {
        return log.maybeClean();
    }

    @Override
    public TopicPartition topicPartition() {
        return log.topicPartition();
    }

    @Override
    public Uuid topicId() {
        return log.topicId();
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshot(OffsetAndEpoch snapshotId) {
        return log.createNewSnapshot(snapshotId);
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshotUnchecked(OffsetAndEpoch snapshotId) {
        return log.createNewSnapshotUnchecked(snapshotId);
    }

    @Override
    public Optional<RawSnapshotReader> readSnapshot(OffsetAndEpoch snapshotId) {
        return log.readSnapshot(snapshotId);
    }

    @Override
    public Optional<RawSnapshotReader> latestSnapshot() {
        return log.latestSnapshot();
    }

    @Override
    public Optional<OffsetAndEpoch> latestSnapshotId() {
        return log.latestSnapshotId();
    }

    @Override
    public Optional<OffsetAndEpoch> earliestSnapshotId() {
        return log.earliestSnapshotId();
    }

    @Override
    public void onSnapshotFrozen(OffsetAndEpoch snapshotId) {
        log.onSnapshotFrozen(snapshotId);
    }

    @Override
    public void close() {
        log.close();
        try {
            mark.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the forced mark cannot be closed", e);
        }
    }
}
