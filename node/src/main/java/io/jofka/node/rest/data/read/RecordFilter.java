package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;

/** Which records a reader wants to see. Thread-safe. */
@FunctionalInterface
interface RecordFilter {
    RecordFilter ALL = record -> true;

    boolean accepts(LogRecord record);

    default RecordFilter and(RecordFilter other) {
        return this == ALL ? other : record -> accepts(record) && other.accepts(record);
    }
}
