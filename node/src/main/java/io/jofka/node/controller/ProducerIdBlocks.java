package io.jofka.node.controller;

import java.util.concurrent.CompletableFuture;

/** Where a broker gets ranges of producer ids that nobody else will ever get (KIP-98). Thread-safe. */
public interface ProducerIdBlocks {
    /** A new block, committed in the metadata log before it is handed out; the future fails when no controller can commit. */
    CompletableFuture<Block> nextBlock();

    /** Ids from {@code firstId} on; {@code size} is at least 1. */
    record Block(long firstId, int size) {}
}
