package io.jofka.node.controller;

import io.jofka.node.consensus.MetadataLog.Committed;
import io.jofka.node.metadata.MetadataImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the controller's loop is told. */
sealed interface LoopEvent {
    record Call(PendingCall<?> call) implements LoopEvent {}

    /** The state machine begins anew from this image. */
    record Loaded(MetadataImage image) implements LoopEvent {}

    record Commit(int term, List<Committed> records) implements LoopEvent {}

    record Leader(int node, int term) implements LoopEvent {}

    /** The batch in flight is committed, or failed. */
    record Appended(long index, @Nullable Throwable failure) implements LoopEvent {}

    record TakeSnapshot(CompletableFuture<Long> done) implements LoopEvent {}

    record Stop() implements LoopEvent {}
}
