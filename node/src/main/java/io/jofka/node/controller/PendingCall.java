package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.Decision;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataMachine;
import io.jofka.node.metadata.MetadataRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command that waits for its answer. Confined to the loop once it is queued; the future may be read anywhere. */
final class PendingCall<A> {
    private final MetadataCommand<A> command;
    private final boolean validateOnly;
    private final CompletableFuture<Reply<A>> reply = new CompletableFuture<>();
    final long deadlineNanos;
    private @Nullable A answer;

    PendingCall(MetadataCommand<A> command, boolean validateOnly, long deadlineNanos) {
        this.command = command;
        this.validateOnly = validateOnly;
        this.deadlineNanos = deadlineNanos;
    }

    CompletableFuture<Reply<A>> reply() {
        return reply;
    }

    boolean isDone() {
        return reply.isDone();
    }

    /** The records to commit; the answer is kept until they are. */
    List<MetadataRecord> decide(MetadataMachine machine, MetadataImage image) {
        Decision<A> decision = machine.decide(image, command);
        answer = decision.answer();
        return validateOnly ? List.of() : decision.records();
    }

    void done(long index) {
        A decided = answer;
        if (decided == null) {
            throw new IllegalStateException("answered before it was decided");
        }
        reply.complete(new Reply.Done<>(index, decided));
    }

    void fail(Fault fault, String detail) {
        reply.complete(new Reply.Failed<>(fault, detail));
    }
}
