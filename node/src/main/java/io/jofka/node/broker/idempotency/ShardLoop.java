package io.jofka.node.broker.idempotency;

import io.jofka.node.broker.idempotency.IdempotencyMachine.Decision;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Owns the machine of one shard on this node: one virtual thread, one bounded queue. The state is a beginning of the
 * shard's committed log. A command of another leader epoch loads it anew from the topic; a start that this node has
 * appended is confirmed once all before it is read, since other nodes append to the same shard. Appends are the callers'
 * work, so that this thread waits only while it reads.
 */
final class ShardLoop {
    private final BlockingQueue<Command> queue;
    private final Reader reader;
    private final IdempotencyConfig config;
    private final Thread thread;
    private IdempotencyMachine machine;
    private int loadedEpoch = -1;
    private long nextOffset;
    private volatile boolean closed;

    /** Something for the loop to do. */
    private sealed interface Command {
        record Decide(String key, byte[] digest, long nowMs, int epoch, CompletableFuture<Answer> answer)
                implements Command {}

        record Confirm(String key, byte[] digest, long producerId, long offset, CompletableFuture<Answer> answer)
                implements Command {}

        record Apply(String key, Entry entry, boolean release) implements Command {}

        record Release(String key) implements Command {}
    }

    /** A decision, or why there is none. */
    sealed interface Answer {
        record Decided(Decision decision) implements Answer {}

        /** The shard's state could not be read. */
        record Unavailable(String detail) implements Answer {}

        record Busy() implements Answer {}
    }

    /** Replays the shard from an offset on. */
    @FunctionalInterface
    interface Reader {
        ShardReader.Read read(long from, IdempotencyMachine into);
    }

    ShardLoop(int shard, IdempotencyConfig config, Reader reader) {
        this.config = config;
        this.reader = reader;
        this.queue = new ArrayBlockingQueue<>(config.queueLength());
        this.machine = new IdempotencyMachine(config.maxKeysPerShard(), config.expiryMs());
        this.thread = Thread.ofVirtual().name("idempotency-" + shard).start(this::run);
    }

    CompletableFuture<Answer> decide(String key, byte[] digest, long nowMs, int epoch) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        if (closed || !queue.offer(new Command.Decide(key, digest, nowMs, epoch, answer))) {
            answer.complete(new Answer.Busy());
        }
        return answer;
    }

    /** What a request is whose start was appended at the offset. */
    CompletableFuture<Answer> confirm(String key, byte[] digest, long producerId, long offset) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        if (closed || !queue.offer(new Command.Confirm(key, digest, producerId, offset, answer))) {
            answer.complete(new Answer.Busy());
        }
        return answer;
    }

    /** The record is durable in the topic. {@code release}: the caller is done with the key. */
    void apply(String key, Entry entry, boolean release) throws InterruptedException {
        queue.put(new Command.Apply(key, entry, release));
    }

    void release(String key) throws InterruptedException {
        queue.put(new Command.Release(key));
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                switch (queue.take()) {
                    case Command.Decide decide -> decide.answer().complete(decide(decide));
                    case Command.Confirm confirm -> confirm.answer().complete(confirm(confirm));
                    case Command.Apply apply -> {
                        machine.replay(apply.key(), apply.entry());
                        if (apply.release()) {
                            machine.release(apply.key());
                        }
                    }
                    case Command.Release release -> machine.release(release.key());
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        for (Command left : queue) {
            switch (left) {
                case Command.Decide decide -> decide.answer().complete(new Answer.Busy());
                case Command.Confirm confirm -> confirm.answer().complete(new Answer.Busy());
                case Command.Apply _, Command.Release _ -> {}
            }
        }
    }

    private Answer decide(Command.Decide command) {
        if (command.epoch() != loadedEpoch) {
            IdempotencyMachine fresh = new IdempotencyMachine(config.maxKeysPerShard(), config.expiryMs());
            switch (reader.read(0, fresh)) {
                case ShardReader.Read.Failed(String detail) -> {
                    return new Answer.Unavailable(detail);
                }
                case ShardReader.Read.All(long next) -> {
                    fresh.takeWork(machine);
                    machine = fresh;
                    nextOffset = next;
                    loadedEpoch = command.epoch();
                }
            }
        }
        return new Answer.Decided(machine.decide(command.key(), command.digest(), command.nowMs()));
    }

    private Answer confirm(Command.Confirm command) {
        if (nextOffset <= command.offset()) {
            switch (reader.read(nextOffset, machine)) {
                case ShardReader.Read.Failed(String detail) -> {
                    return new Answer.Unavailable(detail);
                }
                case ShardReader.Read.All(long next) -> nextOffset = next;
            }
            if (nextOffset <= command.offset()) {
                return new Answer.Unavailable("the topic's leader does not have its end yet");
            }
        }
        return new Answer.Decided(machine.confirm(command.key(), command.digest(), command.producerId()));
    }
}
