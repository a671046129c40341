package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a partition remembers of one producer: immutable, so that a plan can be dropped by forgetting it.
 *
 * @param batches the last batches of this epoch, oldest first, at most {@link #REMEMBERED}
 * @param lastTimestampMs largest record timestamp of the newest batch or marker, -1 without one; for display
 * @param lastSeenMs wall time of this node when the producer was last seen; expiry counts from here and not from record
 *     timestamps, which may lie years back when old data is imported
 * @param openTransactionStart first offset of the open transaction, or -1
 * @param coordinatorEpoch epoch of the transaction coordinator that wrote the newest marker, or -1
 */
public record ProducerEntry(
        long producerId,
        short epoch,
        List<RememberedBatch> batches,
        long lastTimestampMs,
        long lastSeenMs,
        long openTransactionStart,
        int coordinatorEpoch) {
    /** As many as a producer may have in flight (KIP-98: max.in.flight.requests.per.connection of 5). */
    public static final int REMEMBERED = 5;

    public ProducerEntry {
        batches = List.copyOf(batches);
    }

    static ProducerEntry fresh(long producerId, short epoch) {
        return new ProducerEntry(producerId, epoch, List.of(), -1, 0, -1, -1);
    }

    /** Sequence of the newest record in this epoch, or -1. */
    public int lastSequence() {
        return batches.isEmpty() ? -1 : batches.getLast().lastSequence();
    }

    /** Offset of the newest remembered record, or -1. */
    public long lastOffset() {
        return batches.isEmpty() ? -1 : batches.getLast().lastOffset();
    }

    /** The remembered batch with exactly this epoch and these sequences. */
    @Nullable
    RememberedBatch duplicateOf(BatchHeader header) {
        if (header.producerEpoch() != epoch) {
            return null;
        }
        int first = header.baseSequence();
        int last = header.lastSequence();
        for (int i = batches.size() - 1; i >= 0; i--) {
            RememberedBatch batch = batches.get(i);
            if (batch.firstSequence() == first && batch.lastSequence() == last) {
                return batch;
            }
        }
        return null;
    }

    /** After a data batch that carries its final offsets. */
    ProducerEntry appended(BatchHeader header, long nowMs) {
        List<RememberedBatch> kept = new ArrayList<>(REMEMBERED);
        if (header.producerEpoch() == epoch) {
            for (int i = Math.max(0, batches.size() - REMEMBERED + 1); i < batches.size(); i++) {
                kept.add(batches.get(i));
            }
        }
        if (header.baseSequence() >= 0) {
            kept.add(new RememberedBatch(
                    header.baseSequence(),
                    header.lastSequence(),
                    header.baseOffset(),
                    header.lastOffset(),
                    header.maxTimestampMs()));
        }
        long open = header.isTransactional() && openTransactionStart < 0 ? header.baseOffset() : openTransactionStart;
        return new ProducerEntry(
                producerId, header.producerEpoch(), kept, header.maxTimestampMs(), nowMs, open, coordinatorEpoch);
    }

    /** After a control marker, which closes the transaction; a marker of a newer epoch forgets the batches. */
    ProducerEntry ended(BatchHeader marker, int markerCoordinatorEpoch, long nowMs) {
        List<RememberedBatch> kept = marker.producerEpoch() == epoch ? batches : List.of();
        return new ProducerEntry(
                producerId,
                marker.producerEpoch(),
                kept,
                marker.maxTimestampMs(),
                nowMs,
                -1,
                Math.max(coordinatorEpoch, markerCoordinatorEpoch));
    }
}
