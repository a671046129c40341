package io.jofka.node.storage.snapshot;

import io.jofka.node.storage.snapshot.ImageTable.Column;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One image file as an H2 database. Confined to one thread. */
public final class ImageDatabase implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final String HEADER_TABLE = "image";

    /** Writes are followed by an explicit sync; nothing else may close or clean the file. */
    private static final String WRITE_OPTIONS = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    private static final String READ_OPTIONS =
            ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    private final Connection connection;
    private final ImageHeader header;

    private ImageDatabase(Connection connection, ImageHeader header) {
        this.connection = connection;
        this.header = header;
    }

    static void write(Path database, ImageHeader header, List<ImageTable> tables) throws SQLException {
        try (Connection connection = connect("jdbc:h2:file:" + database + WRITE_OPTIONS)) {
            connection.setAutoCommit(false);
            Map<String, Long> counts = new HashMap<>();
            for (ImageTable table : tables) {
                counts.put(table.name(), writeTable(connection, table));
            }
            writeHeader(connection, header, counts);
            connection.commit();
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    }

    private static long writeTable(Connection connection, ImageTable table) throws SQLException {
        String columns = table.columns().stream()
                .map(column -> column.name() + " " + column.type().sql() + " NOT NULL")
                .collect(Collectors.joining(", "));
        String key = table.columns().stream()
                .limit(table.keyColumns())
                .map(Column::name)
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table.name() + " (" + columns + ", PRIMARY KEY (" + key + "))");
        }
        String marks = table.columns().stream().map(column -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + table.name() + " VALUES (" + marks + ")")) {
            Inserter inserter = new Inserter(insert);
            table.rows().each(inserter);
            return inserter.finish();
        }
    }

    private static void writeHeader(Connection connection, ImageHeader header, Map<String, Long> counts)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + HEADER_TABLE + " (log_index BIGINT NOT NULL, term INTEGER NOT NULL,"
                    + " cluster_id VARCHAR NOT NULL, schema_version INTEGER NOT NULL, sha256 VARCHAR NOT NULL)");
            statement.execute("CREATE TABLE image_rows (table_name VARCHAR PRIMARY KEY, row_count BIGINT NOT NULL)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + HEADER_TABLE + " VALUES (?, ?, ?, ?, ?)")) {
            insert.setLong(1, header.index());
            insert.setInt(2, header.term());
            insert.setString(3, header.clusterId());
            insert.setInt(4, header.schemaVersion());
            insert.setString(5, header.sha256());
            insert.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO image_rows VALUES (?, ?)")) {
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                insert.setString(1, count.getKey());
                insert.setLong(2, count.getValue());
                insert.executeUpdate();
            }
        }
    }

    static ImageDatabase open(H2Images.Stored image) throws DamagedImage {
        String name = image.file().toString();
        String base = name.substring(0, name.length() - ".mv.db".length());
        try {
            Connection connection = connect("jdbc:h2:file:" + base + READ_OPTIONS);
            try {
                ImageHeader header = readHeader(connection);
                if (header.index() != image.index() || header.term() != image.term()) {
                    throw new DamagedImage("image " + image.file() + " stands for index " + header.index() + ", term "
                            + header.term());
                }
                return new ImageDatabase(connection, header);
            } catch (SQLException | RuntimeException | DamagedImage e) {
                connection.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            throw new DamagedImage("image " + image.file() + " cannot be read: " + firstLine(e), e);
        }
    }

    private static ImageHeader readHeader(Connection connection) throws SQLException, DamagedImage {
        Map<String, Long> counts = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT table_name, row_count FROM image_rows")) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT log_index, term, cluster_id, schema_version, sha256 FROM " + HEADER_TABLE)) {
                if (!row.next()) {
                    throw new DamagedImage("the image has no header");
                }
                return new ImageHeader(
                        row.getLong(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5),
                        Map.copyOf(counts));
            }
        }
    }

    public ImageHeader header() {
        return header;
    }

    /**
     * Hands out the rows of a table in the order of its key. Fails with {@link DamagedImage} when the table cannot be
     * read or does not have the rows the header says.
     */
    public void each(String table, List<Column> columns, int keyColumns, Consumer<Object[]> row) throws DamagedImage {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String order = columns.stream().limit(keyColumns).map(Column::name).collect(Collectors.joining(", "));
        long count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + names + " FROM " + table + " ORDER BY " + order)) {
            while (rows.next()) {
                Object[] values = new Object[columns.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = value(rows, i + 1, columns.get(i));
                }
                row.accept(values);
                count++;
            }
        } catch (SQLException | RuntimeException e) {
            throw new DamagedImage("table " + table + " cannot be read: " + firstLine(e), e);
        }
        Long expected = header.rows().get(table);
        if (expected == null || expected != count) {
            throw new DamagedImage("table " + table + " has " + count + " rows instead of " + expected);
        }
    }

    private static Object value(ResultSet rows, int at, Column column) throws SQLException {
        return switch (column.type()) {
            case ID -> rows.getObject(at, UUID.class);
            case TEXT -> rows.getString(at);
            case INT -> rows.getInt(at);
            case LONG -> rows.getLong(at);
            case FLAG -> rows.getBoolean(at);
        };
    }

    /** The driver itself, without the search of DriverManager for all drivers there are. */
    private static Connection connect(String url) throws SQLException {
        Connection connection = new org.h2.Driver().connect(url, new Properties());
        if (connection == null) {
            throw new SQLException("no connection for " + url);
        }
        return connection;
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    @Override
    public void close() throws DamagedImage {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DamagedImage("the image cannot be closed", e);
        }
    }

    /** Fills one prepared statement in batches. */
    private static final class Inserter implements Consumer<Object[]> {
        private final PreparedStatement insert;
        private long count;

        Inserter(PreparedStatement insert) {
            this.insert = insert;
        }

        @Override
        public void accept(Object[] row) {
            try {
                for (int i = 0; i < row.length; i++) {
                    insert.setObject(i + 1, row[i]);
                }
                insert.addBatch();
                if (++count % BATCH == 0) {
                    insert.executeBatch();
                }
            } catch (SQLException e) {
                throw new IllegalStateException("a row of an image cannot be written: " + e.getMessage(), e);
            }
        }

        long finish() throws SQLException {
            insert.executeBatch();
            return count;
        }
    }
}
