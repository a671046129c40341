package io.jofka.node.broker.idempotency;

import io.jofka.node.broker.idempotency.IdempotencyMachine.Decision;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Owns the machine of one shard: one virtual thread, one bounded queue. The state is that of a leader epoch of the
 * shard's partition; a command of another epoch loads it anew from the topic. Appends are the callers' work, so that
 * this thread waits only while it loads.
 */
final class ShardLoop {
    private final BlockingQueue<Command> queue;
    private final Function<IdempotencyMachine, Optional<String>> loader;
    private final IdempotencyConfig config;
    private final Thread thread;
    private IdempotencyMachine machine;
    private int loadedEpoch = -1;
    private volatile boolean closed;

    /** Something for the loop to do. */
    private sealed interface Command {
        record Decide(String key, byte[] digest, long nowMs, int epoch, CompletableFuture<Answer> answer)
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

    /** {@code loader} replays the whole shard into a machine, or tells why it cannot. */
    ShardLoop(int shard, IdempotencyConfig config, Function<IdempotencyMachine, Optional<String>> loader) {
        this.config = config;
        this.loader = loader;
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
            if (left instanceof Command.Decide decide) {
                decide.answer().complete(new Answer.Busy());
            }
        }
    }

    private Answer decide(Command.Decide command) {
        if (command.epoch() != loadedEpoch) {
            IdempotencyMachine fresh = new IdempotencyMachine(config.maxKeysPerShard(), config.expiryMs());
            Optional<String> failure = loader.apply(fresh);
            if (failure.isPresent()) {
                return new Answer.Unavailable(failure.get());
            }
            machine = fresh;
            loadedEpoch = command.epoch();
        }
        return new Answer.Decided(machine.decide(command.key(), command.digest(), command.nowMs()));
    }
}
