package io.jofka.node.peer;

/**
 * This node on the internal network.
 *
 * @param nodeId id of this node
 * @param clusterId name of the cluster; calls of another one are refused
 * @param host address to listen on
 * @param port port of control calls, 0 for any
 * @param bulkPort port of bulk calls, 0 for any
 * @param maxControlBytes largest message of a control call, 1 MiB to 256 MiB
 * @param maxBulkBytes largest message of a bulk call, 1 MiB to 256 MiB
 * @param maxServing calls of one kind that are served at a time for one asking node, 1 to 100,000; more are refused
 * @param maxServingBytes bytes of the requests that are served at a time on one port, at least the largest message; what
 *     goes beyond is refused
 * @param maxAsking calls that may wait for answers of one node, 1 to 100,000
 * @param maxConnections open connections on one port, 1 to 65,536; more are closed at once
 */
public record PeerConfig(
        int nodeId,
        String clusterId,
        String host,
        int port,
        int bulkPort,
        int maxControlBytes,
        int maxBulkBytes,
        int maxServing,
        long maxServingBytes,
        int maxAsking,
        int maxConnections) {
    private static final long MIN_SERVING_BYTES = 64L << 20;
    private static final long MAX_SERVING_BYTES = 512L << 20;

    public PeerConfig {
        if (maxControlBytes < 1 << 20
                || maxControlBytes > 256 << 20
                || maxBulkBytes < 1 << 20
                || maxBulkBytes > 256 << 20
                || maxServing < 1
                || maxServing > 100_000
                || maxServingBytes < Math.max(maxControlBytes, maxBulkBytes)
                || maxAsking < 1
                || maxAsking > 100_000
                || maxConnections < 1
                || maxConnections > 65_536) {
            throw new IllegalArgumentException("configuration of the internal network out of range");
        }
    }

    /** A quarter of the heap may be held by requests of one port. */
    public static PeerConfig defaults(int nodeId, String clusterId, String host, int port, int bulkPort) {
        long servingBytes = Math.clamp(Runtime.getRuntime().maxMemory() / 4, MIN_SERVING_BYTES, MAX_SERVING_BYTES);
        return new PeerConfig(
                nodeId, clusterId, host, port, bulkPort, 32 << 20, 64 << 20, 512, servingBytes, 4_096, 1_024);
    }
}
