package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;

/** Batch headers for tests, as a client sends them. */
final class Headers {
    static final long NO_PRODUCER = -1;

    private Headers() {}

    static BatchHeader plain(int records) {
        return header(records, 0, NO_PRODUCER, -1, -1, 0);
    }

    static BatchHeader producer(long id, int epoch, int sequence, int records) {
        return header(records, 0, id, epoch, sequence, 0);
    }

    static BatchHeader transactional(long id, int epoch, int sequence, int records) {
        return header(records, 0x10, id, epoch, sequence, 0);
    }

    static BatchHeader marker(long id, int epoch) {
        return header(1, 0x30, id, epoch, -1, 0);
    }

    static BatchHeader at(BatchHeader header, long baseOffset) {
        return new BatchHeader(
                baseOffset,
                header.sizeBytes(),
                header.leaderEpoch(),
                header.attributes(),
                header.lastOffsetDelta(),
                header.baseTimestampMs(),
                header.maxTimestampMs(),
                header.producerId(),
                header.producerEpoch(),
                header.baseSequence(),
                header.recordCount());
    }

    private static BatchHeader header(int records, int attributes, long id, int epoch, int sequence, long offset) {
        return new BatchHeader(
                offset, 100, -1, (short) attributes, records - 1, 1_000, 2_000, id, (short) epoch, sequence, records);
    }
}
