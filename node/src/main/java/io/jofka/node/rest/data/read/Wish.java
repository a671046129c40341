package io.jofka.node.rest.data.read;

import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Params;
import java.util.HashSet;
import java.util.Set;

/**
 * How much a reader wants, and what it wants to see.
 *
 * @param maxBytes of batches read from the log; one batch is always read
 * @param waitMs how long to wait when nothing is there
 */
record Wish(int maxRecords, int maxBytes, int waitMs, Isolation isolation, RecordFilter filter, int maxScan) {
    private static final int DEFAULT_RECORDS = 500;
    private static final int DEFAULT_BYTES = 4 << 20;
    static final int MAX_WAIT_MS = 60_000;

    /** Parameters that every read understands. */
    static final Set<String> PARAMETERS = parameters();

    private static Set<String> parameters() {
        Set<String> names = new HashSet<>(Set.of("maxRecords", "maxBytes", "waitMs", "isolation"));
        names.addAll(RecordFormat.PARAMETERS);
        names.addAll(Filters.PARAMETERS);
        return Set.copyOf(names);
    }

    static Wish of(Params params, DataLimits limits) {
        return new Wish(
                params.number("maxRecords", DEFAULT_RECORDS, 1, limits.maxReadRecords()),
                params.number("maxBytes", DEFAULT_BYTES, 1, limits.maxReadBytes()),
                params.number("waitMs", 0, 0, MAX_WAIT_MS),
                isolation(params.choice("isolation", "readCommitted", "readCommitted", "readUncommitted")),
                Filters.of(params, limits.maxJsonDepth()),
                limits.maxScanRecords());
    }

    static Isolation isolation(String name) {
        return name.equals("readUncommitted") ? Isolation.READ_UNCOMMITTED : Isolation.READ_COMMITTED;
    }

    boolean isFiltered() {
        return !filter.isAll();
    }

    Wish withWait(int milliseconds) {
        return new Wish(maxRecords, maxBytes, milliseconds, isolation, filter, maxScan);
    }
}
