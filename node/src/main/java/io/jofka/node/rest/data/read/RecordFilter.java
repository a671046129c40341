package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;

/** Which records a reader wants to see. Thread-safe. */
@FunctionalInterface
interface RecordFilter {
    RecordFilter ALL = record -> true;

    boolean accepts(LogRecord record);

    /** Whether it lets everything through without looking. */
    default boolean isAll() {
        return this == ALL;
    }

    default RecordFilter and(RecordFilter other) {
        return isAll() ? other : record -> accepts(record) && other.accepts(record);
    }
}
