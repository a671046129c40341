package io.jofka.node.rest.data.read;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/**
 * Goes through the batches that a fetch gave, from a position on: control batches and, where only committed records are
 * wanted, aborted ones are passed over, but the position moves. One page; not thread-safe.
 */
final class BatchWalk {
    private final Wish wish;
    private final InflationLimits inflation;
    private final RecordSink sink;
    private int records;
    private int scanned;

    BatchWalk(Wish wish, InflationLimits inflation, RecordSink sink) {
        this.wish = wish;
        this.inflation = inflation;
        this.sink = sink;
    }

    /** Records given so far. */
    int records() {
        return records;
    }

    /** Records looked at so far. */
    int scanned() {
        return scanned;
    }

    boolean isFull() {
        return records >= wish.maxRecords() || (wish.isFiltered() && scanned >= wish.maxScan());
    }

    /** {@code nextOffset} is where the position is when all bytes are passed. */
    void walk(Position position, ByteBuffer bytes, List<AbortedTransaction> aborted, long nextOffset) {
        AbortedFilter transactions = new AbortedFilter(aborted);
        try {
            for (BatchReader batch : BatchSequence.of(bytes, inflation)) {
                if (isFull()) {
                    return;
                }
                BatchHeader header = batch.header();
                if (!isHidden(batch, transactions) && header.nextOffset() > position.next()) {
                    batch(position, batch);
                    if (isFull()) {
                        return;
                    }
                }
                position.moveTo(Math.max(position.next(), header.nextOffset()));
            }
        } catch (BadBatch damaged) {
            if (nextOffset > position.next()) {
                sink.unreadable(position, position.next(), nextOffset - 1, String.valueOf(damaged.getMessage()));
            }
        }
        position.moveTo(Math.max(position.next(), nextOffset));
    }

    private boolean isHidden(BatchReader batch, AbortedFilter transactions) {
        BatchHeader header = batch.header();
        if (wish.isolation() == Isolation.READ_UNCOMMITTED) {
            return header.isControl();
        }
        boolean abortMarker = header.isControl() && isAbort(batch);
        return transactions.hides(header, abortMarker) || header.isControl();
    }

    private static boolean isAbort(BatchReader batch) {
        for (LogRecord marker : batch) {
            return ControlRecord.parse(marker)
                    .filter(control -> control.outcome() == ControlRecord.Outcome.ABORT)
                    .isPresent();
        }
        return false;
    }

    /** The position ends behind the last record that was given, or behind the batch. */
    private void batch(Position position, BatchReader batch) {
        BatchHeader header = batch.header();
        try {
            Iterator<LogRecord> all = batch.iterator();
            while (all.hasNext()) {
                LogRecord record = all.next();
                if (record.offset() < position.next()) {
                    continue;
                }
                scanned++;
                if (wish.filter().accepts(record)) {
                    sink.record(position, record);
                    records++;
                }
                position.moveTo(record.offset() + 1);
                if (isFull()) {
                    return;
                }
            }
        } catch (BadBatch damaged) {
            sink.unreadable(position, position.next(), header.lastOffset(), String.valueOf(damaged.getMessage()));
            records++;
            position.moveTo(header.nextOffset());
        }
    }
}
