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
 * @param maxServing calls of one kind that are served at a time, 1 to 100,000; more are refused
 * @param maxAsking calls that may wait for answers of one node, 1 to 100,000
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
        int maxAsking) {
    public PeerConfig {
        if (maxControlBytes < 1 << 20
                || maxControlBytes > 256 << 20
                || maxBulkBytes < 1 << 20
                || maxBulkBytes > 256 << 20
                || maxServing < 1
                || maxServing > 100_000
                || maxAsking < 1
                || maxAsking > 100_000) {
            throw new IllegalArgumentException("configuration of the internal network out of range");
        }
    }

    public static PeerConfig defaults(int nodeId, String clusterId, String host, int port, int bulkPort) {
        return new PeerConfig(nodeId, clusterId, host, port, bulkPort, 32 << 20, 64 << 20, 512, 4_096);
    }
}
