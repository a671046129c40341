package io.jofka.node.broker;

import java.util.concurrent.CompletableFuture;

/** Hands out producer ids from blocks that the controller granted (KIP-98). Thread-safe. */
public interface ProducerIds {
    /** A never used producer id, with epoch 0. Fails only by {@code NOT_CONTROLLER} when no block can be had. */
    CompletableFuture<OffsetService.Result<Long>> next();
}
