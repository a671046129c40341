package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;

/** Takes what a reader finds, in the order of offsets within a partition. */
interface RecordSink {
    /** A visible record that the filter let through. */
    void record(Position position, LogRecord record);

    /** A range of offsets whose bytes cannot be read back. */
    void unreadable(Position position, long offset, long lastOffset, String why);
}
