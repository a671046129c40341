package io.jofka.node.controller;

import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.Verdict;
import java.util.concurrent.CompletableFuture;

/** Blocks of producer ids from the active controller. Thread-safe, without state. */
final class LocalProducerIdBlocks implements ProducerIdBlocks {
    private static final long TIMEOUT_MS = 10_000;

    private final Submitter submitter;
    private final int nodeId;
    private final int size;

    LocalProducerIdBlocks(Submitter submitter, int nodeId, int size) {
        this.submitter = submitter;
        this.nodeId = nodeId;
        this.size = size;
    }

    @Override
    public CompletableFuture<Block> nextBlock() {
        return submitter
                .submit(new TakeProducerIds(nodeId, size), false, TIMEOUT_MS)
                .thenApply(reply -> switch (reply) {
                    case Reply.Done<Verdict<Long>>(var unusedIndex, Verdict.Accepted<Long>(Long first)) ->
                        new Block(first, size);
                    case Reply.Done<Verdict<Long>>(var unusedIndex, Verdict.Refused<Long> no) ->
                        throw new IllegalStateException(no.detail());
                    case Reply.Failed<Verdict<Long>> failed -> throw new IllegalStateException(failed.detail());
                });
    }
}
