package io.jofka.node.rest.data.exchange;

import java.time.Duration;

/**
 * The limits of the REST data path; each one is answered by a clear problem when it is met. Bytes are bytes, counts are
 * per node unless they say "per request".
 *
 * @param maxBodyBytes a request body after inflation, 1 KiB to 1 GiB (413)
 * @param maxInflationRatio inflated bytes for each byte received once more than 1 MiB was inflated, 2 to 1,032 (413)
 * @param bodyBudgetBytes bodies held in memory at one time, at least {@code maxBodyBytes} (503)
 * @param maxRecordsPerRequest records in one JSON body, 1 to 1,000,000 (413)
 * @param maxJsonDepth nesting of a JSON value, 8 to 10,000 (400)
 * @param maxHeadersPerRecord record headers, 0 to 10,000 (422)
 * @param maxHeaderBytesPerRecord names and values of one record's headers (422)
 * @param maxLineBytes one line of an NDJSON body (that line fails)
 * @param maxAnswerBacklogBytes answer lines held for a caller that sends its NDJSON body before it reads, per request and
 *     within {@code bodyBudgetBytes}; when it is full the body is not read on
 * @param concurrentRequests data requests in work that are not long polls or streams (503)
 * @param longPolls reads that wait for records (429)
 * @param sseClients open live tails (429)
 * @param maxReadRecords records in one answer, per request; larger wishes are 400
 * @param maxReadBytes bytes of batches read for one answer, per request; larger wishes are 400
 * @param maxScanRecords records looked at for one filtered answer, per request
 * @param maxFetchPositions partitions in one read, per request (400)
 * @param heartbeat silence on a live tail before a comment is sent
 * @param slowReader how long one write to a live tail may take before it is told {@code lagged} and closed
 * @param stalledReader how long one write may take before the connection is cut
 */
public record DataLimits(
        int maxBodyBytes,
        int maxInflationRatio,
        long bodyBudgetBytes,
        int maxRecordsPerRequest,
        int maxJsonDepth,
        int maxHeadersPerRecord,
        int maxHeaderBytesPerRecord,
        int maxLineBytes,
        int maxAnswerBacklogBytes,
        int concurrentRequests,
        int longPolls,
        int sseClients,
        int maxReadRecords,
        int maxReadBytes,
        int maxScanRecords,
        int maxFetchPositions,
        Duration heartbeat,
        Duration slowReader,
        Duration stalledReader) {
    public static DataLimits defaults() {
        return new DataLimits(
                32 << 20,
                200,
                256L << 20,
                100_000,
                512,
                256,
                64 << 10,
                4 << 20,
                64 << 20,
                2_000,
                5_000,
                2_000,
                10_000,
                16 << 20,
                100_000,
                1_000,
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }
}
