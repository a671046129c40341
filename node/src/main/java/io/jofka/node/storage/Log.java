package io.jofka.node.storage;

import io.jofka.api.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The log of one partition replica: contiguous Kafka v2 record batches in segments, with indexes, an epoch table, the
 * aborted-transaction index and opaque producer-state snapshots.
 *
 * <p>Threads: one owner (the partition's loop) calls the mutating methods; {@link #read}, the look-ups and the offset
 * getters may be called from any thread at any time. {@link #force} is called from a force thread while the owner goes
 * on appending. Every method may throw {@link StorageFailure}.
 */
public interface Log extends AutoCloseable {
    /** First offset that may be read. */
    long logStartOffset();

    /** Offset that the next record will get. */
    long logEndOffset();

    /** Every record below this offset is known to survive a power cut. */
    long forcedOffset();

    long sizeBytes();

    /** Number of segments rolled, appended bytes and so on are metrics of the implementation. */
    List<SegmentInfo> segments();

    /**
     * Appends batches that already carry their offsets and leader epoch (contiguous from {@link #logEndOffset}), in one
     * write to the page cache. Rolls before the append where size or time asks for it. The buffers may be reused after
     * return. When it fails with {@code FULL} nothing was appended.
     *
     * @param batches each buffer holds one or more whole batches between position and limit
     * @param headers one entry for each batch in order, as the leader decided them
     */
    void append(ByteBuffer[] batches, List<BatchHeader> headers);

    /** Forces all that was appended before the call and returns the offset below which all is now durable. */
    long force();

    /**
     * Whole batches from the one that holds {@code offset}, from one segment, up to {@code maxBytes}, ending at or
     * below {@code endOffset} (exclusive; high watermark or last stable offset, at a batch boundary). The first batch is
     * returned whole even when larger than {@code maxBytes} if {@code atLeastOne}. Empty when nothing is there.
     * The slice must be closed; the file stays readable until then even if the segment is deleted meanwhile.
     */
    LogSlice read(long offset, int maxBytes, long endOffset, boolean atLeastOne);

    /** The first record at or after {@code offset >= logStartOffset} with timestamp at least {@code timestampMs}. */
    Optional<TimestampedOffset> findByTimestamp(long timestampMs, long endOffset);

    /** The record with the largest timestamp (the first of equals), as ListOffsets -3 (KIP-734). */
    Optional<TimestampedOffset> maxTimestamp(long endOffset);

    /** Largest epoch that has a record, or -1. */
    int latestEpoch();

    /** Notes that {@code epoch} starts at the log's end; a no-op unless it is larger than {@link #latestEpoch}. */
    void assignEpoch(int epoch);

    /**
     * OffsetForLeaderEpoch (KIP-101, KIP-279): the largest epoch {@code <= epoch} and where it ends. For an epoch older
     * than all known: itself, ending where the oldest known begins. For a table without entries: -1, -1.
     */
    EpochEnd endOffsetFor(int epoch);

    /** Deletes everything at and above {@code offset} (divergence with a new leader). */
    void truncateTo(long offset);

    /**
     * Moves the start up (delete-records); durable before return. Whole segments below it are deleted later. Beyond the
     * log's end it empties the log, which then begins there (a follower that is out of its leader's range).
     */
    void advanceStart(long offset);

    /** Deletes whole segments that retention, or the start offset, allows; never the active one. Returns bytes freed. */
    long applyRetention(long nowMs, long highWatermark);

    /**
     * One pass of compaction over the closed segments below {@code highWatermark} (where transactions are used: the last
     * stable offset); returns bytes freed, 0 if none was due. May run on another thread than the owner's, one pass at a
     * time.
     */
    long compact(long nowMs, long highWatermark);

    void configure(LogConfig config);

    void addAborted(AbortedTransaction transaction);

    /** Aborted transactions that overlap {@code [fromOffset, endOffset)}. */
    List<AbortedTransaction> abortedIn(long fromOffset, long endOffset);

    /** Visits the header of every batch from the one that holds {@code fromOffset} on; rebuilds producer state. */
    void scan(long fromOffset, BatchVisitor visitor);

    /** The newest producer-state snapshot whose CRC is good and whose offset is within the log. */
    Optional<StateSnapshot> latestSnapshot();

    /** Stores producer state as of {@code offset}; the newest two are kept. Called at roll, by the checkpoint and on close. */
    void writeSnapshot(StateSnapshot snapshot);

    /** What recovery found that a person should know: torn bytes cut, damage, rebuilt indexes. Empty for a clean log. */
    RecoveryReport recovery();

    /** Forces, writes indexes and marks the log cleanly closed. */
    @Override
    void close();

    /** Closes and removes the files (committed RemoveTopic only). */
    void delete();

    /** Offset and timestamp of a record; {@code leaderEpoch} of its batch. */
    record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}

    /** End of an epoch: {@code endOffset} is exclusive; {@code epoch} is -1 when none is known. */
    record EpochEnd(int epoch, long endOffset) {}

    /** One entry of the aborted-transaction index, as Fetch reports it. */
    record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}

    /** One segment file. */
    record SegmentInfo(long baseOffset, long endOffset, long sizeBytes, long maxTimestampMs, boolean active) {}

    /** Opaque bytes as of an offset. */
    record StateSnapshot(long offset, byte[] bytes) {}

    /**
     * Result of opening. {@code cutBytes} were behind the last known-forced point and torn; {@code damagedAt} is the
     * first offset of damage before that point (the log is then read-only from there and may not lead), or -1;
     * {@code rebuiltIndexes} counts closed segments whose index file was missing or bad and was made from the batches.
     */
    record RecoveryReport(boolean clean, long cutBytes, long damagedAt, int rebuiltIndexes, String detail) {}

    /** Callback of {@link #scan}. */
    @FunctionalInterface
    interface BatchVisitor {
        /** Returns false to stop. */
        boolean visit(BatchHeader header);
    }
}
