package io.jofka.node.rest.data.read;

import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.data.exchange.DataLimits;
import java.util.HashSet;
import java.util.Set;

/**
 * How much a reader wants, and what it wants to see.
 *
 * @param maxBytes of batches read from the log; one batch is always read
 * @param waitMs how long to wait when nothing is there
 */
record Wish(int maxRecords, int maxBytes, int waitMs, Isolation isolation, RecordFilter filter, int maxScan) {
    static final int DEFAULT_RECORDS = 500;
    static final int DEFAULT_BYTES = 4 << 20;
    static final int MAX_WAIT_MS = 60_000;

    /** Parameters that every read understands. */
    static final Set<String> PARAMETERS = parameters();

    private static Set<String> parameters() {
        Set<String> names = new HashSet<>(Set.of("maxRecords", "maxBytes", "waitMs", "isolation"));
        names.addAll(RecordFormat.PARAMETERS);
        names.addAll(Filters.PARAMETERS);
        return Set.copyOf(names);
    }

    static Wish of(Parameters params, DataLimits limits) {
        return new Wish(
                params.whole("maxRecords", 1, limits.maxReadRecords(), DEFAULT_RECORDS),
                params.whole("maxBytes", 1, limits.maxReadBytes(), DEFAULT_BYTES),
                params.whole("waitMs", 0, MAX_WAIT_MS, 0),
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

    Wish withRecords(int records) {
        return new Wish(records, maxBytes, waitMs, isolation, filter, maxScan);
    }
}
