package io.jofka.node.storage;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchRewriter;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what stays of each batch in one pass of compaction, by Kafka's rules:
 *
 * <ul>
 *   <li>a record stays if no later record below the pass's end has its key; records without a key go;
 *   <li>records of aborted transactions go;
 *   <li>a tombstone, or a transaction marker whose transaction has no record left, is first given a time until which it
 *       stays (KIP-534), then goes;
 *   <li>the newest batch of a producer stays, without records if need be, for its sequence (KIP-98).
 * </ul>
 *
 * Batches must come in the order of the log. Not thread-safe.
 */
final class BatchCleaner {
    private final OffsetMap latest;
    private final long mapEnd;
    private final long nowMs;
    private final long horizonMs;
    private final LogContext context;
    private final Map<Long, Long> newestOfProducer;
    private final Map<Long, List<AbortedTransaction>> aborted = new HashMap<>();

    /** Producers with a record kept since their last marker. */
    private final Set<Long> withRecords = new HashSet<>();

    /**
     * @param mapEnd offset below which {@code latest} knows all keys; records at or above it stay
     * @param newestOfProducer base offset of the last batch of each live producer in the whole log
     */
    BatchCleaner(LogBody body, OffsetMap latest, long mapEnd, long nowMs, Map<Long, Long> newestOfProducer) {
        this.context = body.context;
        this.latest = latest;
        this.mapEnd = mapEnd;
        this.nowMs = nowMs;
        this.horizonMs = nowMs + body.config.deleteRetentionMs();
        this.newestOfProducer = newestOfProducer;
        for (AbortedTransaction transaction : body.aborted.overlapping(0, mapEnd)) {
            aborted.computeIfAbsent(transaction.producerId(), id -> new ArrayList<>())
                    .add(transaction);
        }
    }

    /** Whether the batch belongs to a transaction that was aborted. */
    boolean isAborted(BatchHeader header) {
        if (!header.isTransactional() || header.isControl()) {
            return false;
        }
        for (AbortedTransaction transaction : aborted.getOrDefault(header.producerId(), List.of())) {
            if (header.baseOffset() >= transaction.firstOffset() && header.baseOffset() <= transaction.lastOffset()) {
                return true;
            }
        }
        return false;
    }

    /** What to write instead of the batch: itself, a smaller one, or null for nothing. */
    @Nullable
    ByteBuffer clean(ByteBuffer batch, BatchHeader header) {
        if (!BatchFields.crcMatches(batch, 0)) {
            throw DirectoryHealth.damaged("The batch at offset " + header.baseOffset() + " has a wrong CRC");
        }
        if (header.baseOffset() >= mapEnd) {
            return batch;
        }
        try {
            if (header.isControl()) {
                return cleanMarker(batch, header);
            }
            return cleanRecords(batch, header, isAborted(header));
        } catch (BadBatch damage) {
            throw DirectoryHealth.damaged("The batch at offset " + header.baseOffset() + ": " + damage.detail());
        }
    }

    private @Nullable ByteBuffer cleanMarker(ByteBuffer batch, BatchHeader header) {
        boolean needed = withRecords.remove(header.producerId());
        if (needed || header.recordCount() == 0) {
            return needed || isNewest(header) ? batch : null;
        }
        if (!header.hasDeleteHorizon()) {
            return rewrite(batch, header, Set.of(), true);
        }
        if (nowMs <= header.baseTimestampMs()) {
            return batch;
        }
        return isNewest(header) ? rewrite(batch, header, null, false) : null;
    }

    private @Nullable ByteBuffer cleanRecords(ByteBuffer batch, BatchHeader header, boolean isAborted) {
        Set<Long> dropped = new HashSet<>();
        boolean tombstoneStays = false;
        if (!isAborted) {
            boolean late = header.hasDeleteHorizon() && nowMs > header.baseTimestampMs();
            for (LogRecord record : BatchReader.of(batch, 0, context.inflation())) {
                ByteBuffer key = record.key();
                boolean tombstone = record.value() == null;
                if (key == null || latest.get(key) > record.offset() || (tombstone && late)) {
                    dropped.add(record.offset());
                } else {
                    tombstoneStays |= tombstone;
                }
            }
        }
        boolean nothing = isAborted || dropped.size() == header.recordCount();
        if (nothing) {
            if (!isNewest(header)) {
                return null;
            }
            return header.recordCount() == 0 ? batch : rewrite(batch, header, null, false);
        }
        if (header.isTransactional()) {
            withRecords.add(header.producerId());
        }
        boolean setHorizon = tombstoneStays && !header.hasDeleteHorizon();
        return dropped.isEmpty() && !setHorizon ? batch : rewrite(batch, header, dropped, setHorizon);
    }

    private boolean isNewest(BatchHeader header) {
        Long newest = newestOfProducer.get(header.producerId());
        return header.hasProducerId() && newest != null && newest == header.baseOffset();
    }

    /** Without the dropped records; null drops all. */
    private ByteBuffer rewrite(ByteBuffer batch, BatchHeader header, @Nullable Set<Long> dropped, boolean setHorizon) {
        return new BatchRewriter(header.compression(), -1, context.inflation())
                .rewrite(
                        batch,
                        0,
                        record -> dropped != null && !dropped.contains(record.offset()),
                        setHorizon ? OptionalLong.of(horizonMs) : OptionalLong.empty());
    }
}
