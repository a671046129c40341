package io.jofka.api.batch;

/** The fixed fields of a v2 record batch that the log and producer state need; times in ms since the epoch. */
public record BatchHeader(
        long baseOffset,
        int sizeBytes,
        int leaderEpoch,
        short attributes,
        int lastOffsetDelta,
        long baseTimestampMs,
        long maxTimestampMs,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int recordCount) {
    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }

    public long nextOffset() {
        return baseOffset + lastOffsetDelta + 1;
    }

    public boolean isTransactional() {
        return (attributes & 0x10) != 0;
    }

    public boolean isControl() {
        return (attributes & 0x20) != 0;
    }

    public boolean hasProducerId() {
        return producerId >= 0;
    }

    /** Sequence of the last record, wrapping at 2^31 - 1 as KIP-98 says; -1 without a producer id. */
    public int lastSequence() {
        if (baseSequence < 0) {
            return -1;
        }
        long last = (long) baseSequence + lastOffsetDelta;
        return (int) (last > Integer.MAX_VALUE ? last - Integer.MAX_VALUE - 1 : last);
    }
}
