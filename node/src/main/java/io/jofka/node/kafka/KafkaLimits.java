package io.jofka.node.kafka;

/**
 * Every limit of the Kafka listener.
 *
 * @param maxConnections open connections, 1 to 1,000,000; one more is closed at once
 * @param maxFrameBytes size of a produce request, 1 KiB to 2^31 - 1 - 8 (Kafka's socket.request.max.bytes)
 * @param maxControlFrameBytes size of any other request, and of everything but the records in a produce request; bounds
 *     what the decoder can be made to allocate
 * @param maxFirstFrameBytes size of a request before the first well-formed one on a connection; old clients begin with a
 *     produce, and want to be told when it is too large for the topic
 * @param requestBytes memory for requests that are being received or served, over all connections; when it is used up
 *     connections are not read until some is free. At least {@code maxFrameBytes} + 2 MiB, because a request moves to a
 *     larger buffer as it comes in
 * @param responseBytes pooled memory for responses; beyond it the heap serves
 * @param maxOutstanding requests of one connection that are not answered yet, 1 to 10,000; at the limit the connection
 *     is not read
 * @param idleMs a connection without a request and without an answer due is closed after this time
 * @param frameMs a request must be complete this long after its first byte, plus one second for each 64 KiB of it
 * @param writeStallMs a client that takes no byte for this long is closed
 * @param answerMs an answer that is due for this long closes the connection
 * @param maxFetchBytes upper bound of what one fetch returns, whatever the client asks
 * @param maxFetchWaitMs upper bound of a long poll, whatever the client asks
 * @param adminTimeoutMs upper bound of the timeout a client may ask for in admin requests
 */
public record KafkaLimits(
        int maxConnections,
        int maxFrameBytes,
        int maxControlFrameBytes,
        int maxFirstFrameBytes,
        long requestBytes,
        long responseBytes,
        int maxOutstanding,
        int idleMs,
        int frameMs,
        int writeStallMs,
        int answerMs,
        int maxFetchBytes,
        int maxFetchWaitMs,
        int adminTimeoutMs) {

    private static final int MIB = 1 << 20;

    public KafkaLimits {
        require(maxConnections >= 1, "maxConnections");
        require(maxFrameBytes >= 1024 && maxFrameBytes <= Integer.MAX_VALUE - 8, "maxFrameBytes");
        require(maxControlFrameBytes >= 64 && maxControlFrameBytes <= maxFrameBytes, "maxControlFrameBytes");
        require(maxFirstFrameBytes >= 64, "maxFirstFrameBytes");
        require(requestBytes >= (long) maxFrameBytes + BufferPool.LARGEST, "requestBytes");
        require(responseBytes >= 0, "responseBytes");
        require(maxOutstanding >= 1 && maxOutstanding <= 10_000, "maxOutstanding");
        require(idleMs >= 1 && frameMs >= 1 && writeStallMs >= 1 && answerMs >= 1, "times");
        require(maxFetchBytes >= 1 && maxFetchWaitMs >= 0 && adminTimeoutMs >= 1, "fetch and admin bounds");
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range");
        }
    }

    public static KafkaLimits defaults() {
        return new KafkaLimits(
                12_000,
                100 * MIB,
                4 * MIB,
                8 * MIB,
                256L * MIB,
                32L * MIB,
                64,
                600_000,
                30_000,
                30_000,
                180_000,
                55 * MIB,
                60_000,
                120_000);
    }
}
