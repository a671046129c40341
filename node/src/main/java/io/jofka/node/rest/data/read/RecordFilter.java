package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;

/** Which records a reader wants to see. Thread-safe. */
@FunctionalInterface
interface RecordFilter {
    RecordFilter ALL = new RecordFilter() {
        @Override
        public boolean accepts(LogRecord record) {
            return true;
        }

        @Override
        public boolean isAll() {
            return true;
        }
    };

    boolean accepts(LogRecord record);

    /** Whether it lets everything through without looking. */
    default boolean isAll() {
        return false;
    }

    default RecordFilter and(RecordFilter other) {
        return isAll() ? other : record -> accepts(record) && other.accepts(record);
    }
}
