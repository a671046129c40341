package io.jofka.node.broker;

import io.jofka.api.batch.BatchHeader;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogConfig;
import io.jofka.node.storage.LogSlice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A log that shows neither snapshots nor batches to who rebuilds state from it: a planted fault. */
record ForgetfulLog(Log log) implements Log {
    @Override
    public void scan(long fromOffset, BatchVisitor visitor) {}

    @Override
    public Optional<StateSnapshot> latestSnapshot() {
        return Optional.empty();
    }

    @Override
    public long logStartOffset() {
        return log.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return log.logEndOffset();
    }

    @Override
    public long forcedOffset() {
        return log.forcedOffset();
    }

    @Override
    public long sizeBytes() {
        return log.sizeBytes();
    }

    @Override
    public List<SegmentInfo> segments() {
        return log.segments();
    }

    @Override
    public void append(ByteBuffer[] batches, List<BatchHeader> headers) {
        log.append(batches, headers);
    }

    @Override
    public long force() {
        return log.force();
    }

    @Override
    public LogSlice read(long offset, int maxBytes, long endOffset, boolean atLeastOne) {
        return log.read(offset, maxBytes, endOffset, atLeastOne);
    }

    @Override
    public Optional<TimestampedOffset> findByTimestamp(long timestampMs, long endOffset) {
        return log.findByTimestamp(timestampMs, endOffset);
    }

    @Override
    public Optional<TimestampedOffset> maxTimestamp(long endOffset) {
        return log.maxTimestamp(endOffset);
    }

    @Override
    public int latestEpoch() {
        return log.latestEpoch();
    }

    @Override
    public void assignEpoch(int epoch) {
        log.assignEpoch(epoch);
    }

    @Override
    public EpochEnd endOffsetFor(int epoch) {
        return log.endOffsetFor(epoch);
    }

    @Override
    public void truncateTo(long offset) {
        log.truncateTo(offset);
    }

    @Override
    public void advanceStart(long offset) {
        log.advanceStart(offset);
    }

    @Override
    public long applyRetention(long nowMs, long highWatermark) {
        return log.applyRetention(nowMs, highWatermark);
    }

    @Override
    public long compact(long nowMs, long highWatermark) {
        return log.compact(nowMs, highWatermark);
    }

    @Override
    public void configure(LogConfig config) {
        log.configure(config);
    }

    @Override
    public void addAborted(AbortedTransaction transaction) {
        log.addAborted(transaction);
    }

    @Override
    public List<AbortedTransaction> abortedIn(long fromOffset, long endOffset) {
        return log.abortedIn(fromOffset, endOffset);
    }

    @Override
    public void writeSnapshot(StateSnapshot snapshot) {
        log.writeSnapshot(snapshot);
    }

    @Override
    public RecoveryReport recovery() {
        return log.recovery();
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public void delete() {
        log.delete();
    }
}
