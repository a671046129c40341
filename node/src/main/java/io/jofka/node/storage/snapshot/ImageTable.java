package io.jofka.node.storage.snapshot;

import java.util.List;
import java.util.function.Consumer;

/**
 * A table of an image: its columns, and its rows as they are asked for.
 *
 * @param keyColumns how many of the first columns are the primary key
 */
public record ImageTable(String name, List<Column> columns, int keyColumns, Rows rows) {
    /** Types of columns; values are {@link java.util.UUID}, String, Integer, Long and Boolean. */
    public enum ColumnType {
        ID("UUID"),
        TEXT("VARCHAR"),
        INT("INTEGER"),
        LONG("BIGINT"),
        FLAG("BOOLEAN");

        private final String sql;

        ColumnType(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    public record Column(String name, ColumnType type) {}

    /** Hands out the rows one after the other; may be asked more than once. */
    @FunctionalInterface
    public interface Rows {
        void each(Consumer<Object[]> row);
    }
}
