package io.jofka.node.rest.transport;

/**
 * Limits of the HTTP listener.
 *
 * @param maxBodyBytes largest body of any request, declared or chunked, 64 KiB to 1 TiB; single operations allow less
 * @param maxConnections TCP connections at once, 1 to 1,000,000; more wait in the backlog
 * @param maxConcurrentRequests requests at once over all connections, streams and long polls included, 1 to 1,000,000; more
 *     are answered 503
 * @param maxHeaderBytes header section of a request, 1 KiB to 1 MiB
 * @param maxRequestLineBytes first line of a request, 256 to 64 KiB
 * @param headMs from the connection to the end of the first request's headers, and from the first line to the end of the
 *     headers of each later one, 100 to 600,000
 * @param bodyReadMs how long one read of a body may wait for the caller, 100 to 600,000
 * @param minBodyRate bytes per second that a body which is not a stream of lines must come at, measured over the time spent
 *     waiting for it once that is longer than {@code bodyReadMs}, 0 to 1,000,000
 * @param quietMs how long a request may go without a byte of its body or of its streamed answer, 100 to 3,600,000; must be
 *     longer than the longest wait of an operation (60 s)
 * @param idleMs how long a connection may wait for its next request, 1,000 to 3,600,000
 * @param backlog connections that the operating system keeps waiting, 1 to 65,535
 * @param maxStreams concurrent HTTP/2 streams of a connection, 1 to 8,192
 * @param graceMs how long running requests may take to end at shutdown, 0 to 60,000
 */
public record TransportConfig(
        long maxBodyBytes,
        int maxConnections,
        int maxConcurrentRequests,
        int maxHeaderBytes,
        int maxRequestLineBytes,
        int headMs,
        int bodyReadMs,
        int minBodyRate,
        int quietMs,
        int idleMs,
        int backlog,
        int maxStreams,
        int graceMs) {
    public static TransportConfig defaults() {
        return new TransportConfig(
                1L << 30, 12_000, 2_000, 16 << 10, 8 << 10, 10_000, 30_000, 1_000, 150_000, 75_000, 1_024, 128, 500);
    }
}
