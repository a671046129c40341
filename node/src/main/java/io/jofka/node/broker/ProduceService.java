package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Appends record batches; the one way into the log for every face. Thread-safe. */
public interface ProduceService {
    /**
     * Validates (in the caller's thread) and appends. The future never fails: everything is an outcome. Where no force
     * is waited for it is usually complete on return.
     *
     * @param batches whole v2 batches between position and limit, of one producer; the service may write offsets, epoch
     *     and timestamps into it and owns it until the future is complete
     */
    CompletableFuture<ProduceOutcome> produce(TopicPartition partition, ByteBuffer batches, ProduceOptions options);

    /** When a produce is answered. */
    enum Acks {
        NONE,
        LEADER,
        ALL
    }

    /**
     * @param timeoutMs how long to wait for the acknowledgement before the outcome is unknown, 1 to 60,000
     * @param trusted the batches were built by this node: CRC and records need no check
     */
    record ProduceOptions(Acks acks, int timeoutMs, boolean trusted) {}
}
