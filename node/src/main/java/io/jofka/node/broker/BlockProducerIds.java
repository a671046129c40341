package io.jofka.node.broker;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.controller.ProducerIdBlocks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from the newest block and asks for the next one when it is used up; what is left of a block at a
 * stop is never used. Thread-safe; never blocks.
 */
public final class BlockProducerIds implements ProducerIds {
    /** Callers that may wait for a block at a time. */
    private static final int MAX_WAITING = 10_000;

    private final ProducerIdBlocks blocks;
    private final ArrayDeque<CompletableFuture<Result<Long>>> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean asking;

    public BlockProducerIds(ProducerIdBlocks blocks) {
        this.blocks = blocks;
    }

    @Override
    public CompletableFuture<Result<Long>> next() {
        CompletableFuture<Result<Long>> future = new CompletableFuture<>();
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(new Result.Ok<>(next++));
            }
            if (waiting.size() >= MAX_WAITING) {
                return CompletableFuture.completedFuture(
                        new Result.Refused<>(Fault.OVERLOADED, "Too many wait for a producer id already."));
            }
            waiting.add(future);
            if (asking) {
                return future;
            }
            asking = true;
        }
        var _ = blocks.nextBlock().whenComplete(this::arrived);
        return future;
    }

    private void arrived(ProducerIdBlocks.@Nullable Block block, @Nullable Throwable failure) {
        List<Runnable> answers = new ArrayList<>();
        boolean more;
        synchronized (this) {
            if (block != null) {
                next = block.firstId();
                end = block.firstId() + block.size();
                while (next < end && !waiting.isEmpty()) {
                    Result<Long> id = new Result.Ok<>(next++);
                    CompletableFuture<Result<Long>> future = waiting.remove();
                    answers.add(() -> future.complete(id));
                }
            } else {
                String detail = "No controller grants producer ids at the moment"
                        + (failure == null ? "." : ": " + failure.getMessage());
                for (CompletableFuture<Result<Long>> future : waiting) {
                    answers.add(() -> future.complete(new Result.Refused<>(Fault.NOT_CONTROLLER, detail)));
                }
                waiting.clear();
            }
            more = !waiting.isEmpty();
            asking = more;
        }
        answers.forEach(Runnable::run);
        if (more) {
            var _ = blocks.nextBlock().whenComplete(this::arrived);
        }
    }
}
