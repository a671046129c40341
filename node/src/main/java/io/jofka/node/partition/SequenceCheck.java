package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.fault.Fault;
import org.jspecify.annotations.Nullable;

/** What the sequence numbers of a producer's batch say (KIP-98, KIP-360). */
sealed interface SequenceCheck {
    /** It is the next one. */
    record InSequence() implements SequenceCheck {}

    /** It is in the log already. */
    record Duplicate(RememberedBatch original) implements SequenceCheck {}

    record Refused(Fault fault, String detail) implements SequenceCheck {}

    SequenceCheck IN_SEQUENCE = new InSequence();

    /**
     * Judges a data batch against what is known of its producer.
     *
     * <p>Follows Kafka 4's ProducerAppendInfo: an unknown producer may start with any sequence (its state may have expired
     * or been lost with deleted records, KIP-360); a new epoch starts at 0; 0 follows 2^31 - 1. It differs in two points. A
     * batch older than five remembered ones is answered {@code DUPLICATE_SEQUENCE}, which clients take as success without
     * offsets. That is safe only with a full memory: a producer with at most five batches in flight cannot have a sixth
     * outstanding. With fewer remembered the batch may never have been stored, and the answer is {@code SEQUENCE_GAP}.
     * And a producer of which only a marker is left in the log (its records were deleted) counts as unknown.
     */
    static SequenceCheck of(@Nullable ProducerEntry known, BatchHeader header) {
        if (known == null) {
            return IN_SEQUENCE;
        }
        if (header.producerEpoch() < known.epoch()) {
            return new Refused(
                    Fault.FENCED_PRODUCER,
                    "Producer " + header.producerId() + " has the epoch " + known.epoch() + "; the batch has "
                            + header.producerEpoch() + ".");
        }
        RememberedBatch original = known.duplicateOf(header);
        if (original != null) {
            return new Duplicate(original);
        }
        int first = header.baseSequence();
        if (header.producerEpoch() > known.epoch()) {
            return first == 0
                    ? IN_SEQUENCE
                    : new Refused(
                            Fault.SEQUENCE_GAP,
                            "Producer " + header.producerId() + " starts the epoch " + header.producerEpoch()
                                    + " with sequence " + first + " instead of 0.");
        }
        if (known.batches().isEmpty()) {
            return IN_SEQUENCE;
        }
        int expected = after(known.lastSequence());
        if (first == expected) {
            return IN_SEQUENCE;
        }
        if (known.batches().size() == ProducerEntry.REMEMBERED
                && before(header.lastSequence(), known.batches().getFirst().firstSequence())) {
            return new Refused(
                    Fault.DUPLICATE_SEQUENCE,
                    "Sequences " + first + " to " + header.lastSequence() + " of producer " + header.producerId()
                            + " were stored, but their offsets are no longer remembered.");
        }
        return new Refused(
                Fault.SEQUENCE_GAP,
                "Producer " + header.producerId() + " sent sequence " + first + "; " + expected + " is next.");
    }

    /** The sequence after this one; 0 follows 2^31 - 1, and -1 (none yet). */
    private static int after(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }

    /** Whether {@code a} lies before {@code b} in the circle of 2^31 sequences (less than half a turn back). */
    private static boolean before(int a, int b) {
        int distance = (b - a) & Integer.MAX_VALUE;
        return distance > 0 && distance < 1 << 30;
    }
}
