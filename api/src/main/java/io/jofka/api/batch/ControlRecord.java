package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The marker that ends a producer's transaction in a partition (KIP-98): the only record of a control batch. It takes
 * one offset and is never shown to consumers.
 *
 * @param coordinatorEpoch epoch of the transaction coordinator that wrote it; fences older coordinators
 */
public record ControlRecord(Outcome outcome, int coordinatorEpoch) {
    private static final short KEY_VERSION = 0;
    private static final short VALUE_VERSION = 0;
    private static final int KEY_SIZE = 4;
    private static final int VALUE_SIZE = 6;

    /** How the transaction ended. */
    public enum Outcome {
        ABORT(0),
        COMMIT(1);

        private final short type;

        Outcome(int type) {
            this.type = (short) type;
        }

        /** The control type in the key of the record. */
        public short type() {
            return type;
        }

        static Optional<Outcome> byType(short type) {
            return type == ABORT.type
                    ? Optional.of(ABORT)
                    : type == COMMIT.type ? Optional.of(COMMIT) : Optional.empty();
        }
    }

    /** The control batch with this marker, ready for the log. */
    public ByteBuffer toBatch(
            long baseOffset, int leaderEpoch, long producerId, short producerEpoch, long timestampMs) {
        ByteBuffer key = ByteBuffer.allocate(KEY_SIZE).putShort(KEY_VERSION).putShort(outcome.type());
        ByteBuffer value =
                ByteBuffer.allocate(VALUE_SIZE).putShort(VALUE_VERSION).putInt(coordinatorEpoch);
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1)
                .producer(producerId, producerEpoch, -1)
                .transactional()
                .control();
        builder.append(timestampMs, key.flip(), value.flip(), List.of());
        return builder.build(baseOffset, leaderEpoch);
    }

    /**
     * Reads a record of a control batch; empty for the types that are not transaction markers.
     *
     * @throws BadBatch if it is too short
     */
    public static Optional<ControlRecord> parse(LogRecord controlRecord) {
        ByteBuffer key = need(controlRecord.key(), KEY_SIZE, "key");
        Optional<Outcome> outcome = Outcome.byType(key.getShort(key.position() + 2));
        if (outcome.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer value = need(controlRecord.value(), VALUE_SIZE, "value");
        int version = value.getShort(value.position());
        if (version < 0) {
            throw BadBatch.invalid("The control record has the version " + version + ".");
        }
        return Optional.of(new ControlRecord(outcome.get(), value.getInt(value.position() + 2)));
    }

    private static ByteBuffer need(@Nullable ByteBuffer part, int size, String what) {
        if (part == null || part.remaining() < size) {
            throw BadBatch.invalid("The " + what + " of a control record has at least " + size + " bytes.");
        }
        return part;
    }
}
