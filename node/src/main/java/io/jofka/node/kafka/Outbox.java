package io.jofka.node.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Clock;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends the answers of one connection in the order of its requests.
 *
 * <p>Threads: while nothing is due that is not ready, the connection's own thread encodes and writes, several responses
 * with one write. As soon as an answer must be waited for, it and all behind it go into a queue that a second virtual
 * thread serves, and the connection's thread goes on reading. When the queue has become empty and all is written, writing
 * is the reader's again. {@code due} hands over: only the reader raises it, only the writer lowers it, after its write.
 */
final class Outbox {
    private static final int BURST_BYTES = 4 << 10;

    private final SocketChannel channel;
    private final BufferPool pool;
    private final KafkaLimits limits;
    private final Clock clock;
    private final Failure failure;
    private final OutBuffer.Progress progress;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Due> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private @Nullable Thread writer;

    private final AtomicInteger due = new AtomicInteger();
    private volatile long dueSinceNanos = Inbound.NEVER;
    private volatile long writingSinceNanos = Inbound.NEVER;

    /** The reader's responses that are not written yet; null while there are none. */
    private @Nullable OutBuffer burst;

    /** Where the writer reports that the connection is at its end. */
    @FunctionalInterface
    interface Failure {
        void failed(Exception cause);
    }

    /** An answer in the queue. */
    record Due(Exchange exchange, CompletableFuture<Reply> reply) {}

    Outbox(SocketChannel channel, BufferPool pool, KafkaLimits limits, Clock clock, Failure failure) {
        this.channel = channel;
        this.pool = pool;
        this.limits = limits;
        this.clock = clock;
        this.failure = failure;
        this.progress = () -> writingSinceNanos = clock.nanos();
    }

    /** Since when the oldest queued answer is waited for; {@link Inbound#NEVER} when none is. Any thread. */
    long dueSinceNanos() {
        return dueSinceNanos;
    }

    /** Since when a write has moved no byte; {@link Inbound#NEVER} when none runs. Any thread. */
    long writingSinceNanos() {
        return writingSinceNanos;
    }

    /** Takes the answer of the next request, in order; the exchange is released when it is done with. Reader only. */
    void submit(Exchange exchange, Reply reply) throws IOException, InterruptedException {
        Reply ready = reply;
        if (reply instanceof Reply.Later(CompletableFuture<Reply> future)) {
            if (!future.isDone() || due.get() > 0) {
                enqueue(new Due(exchange, future));
                return;
            }
            ready = future.resultNow();
        }
        if (due.get() > 0) {
            enqueue(new Due(exchange, CompletableFuture.completedFuture(ready)));
            return;
        }
        OutBuffer into = burst;
        burst = null;
        burst = put(into, exchange, ready);
    }

    private void enqueue(Due answer) throws IOException, InterruptedException {
        boolean queued = false;
        try {
            flush();
            queued = append(answer);
        } finally {
            if (!queued) {
                abandon(answer);
            }
        }
    }

    /** False when closed. */
    private boolean append(Due answer) throws InterruptedException {
        lock.lock();
        try {
            while (due.get() >= limits.maxOutstanding() && !closed) {
                changed.await();
            }
            if (closed) {
                return false;
            }
            if (queue.isEmpty()) {
                dueSinceNanos = clock.nanos();
            }
            queue.addLast(answer);
            raise(1);
            changed.signalAll();
            if (writer == null) {
                writer = Thread.ofVirtual().name("kafka-writer").start(this::serveQueue);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Writes the reader's burst. Reader only. */
    void flush() throws IOException, InterruptedException {
        OutBuffer current = burst;
        if (current != null) {
            burst = null;
            writeAndDiscard(current);
        }
    }

    /** Waits until all that is due is written; the reaper ends it by closing when that takes too long. Reader only. */
    void awaitDrained() throws IOException, InterruptedException {
        flush();
        lock.lock();
        try {
            while (due.get() > 0 && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void writeAndDiscard(OutBuffer buffer) throws IOException, InterruptedException {
        try {
            write(buffer);
        } finally {
            buffer.discard();
        }
    }

    private void write(OutBuffer buffer) throws IOException, InterruptedException {
        writingSinceNanos = clock.nanos();
        try {
            buffer.write(channel, progress);
        } finally {
            writingSinceNanos = Inbound.NEVER;
        }
    }

    /**
     * Encodes behind what is there; writes first where there is no room. Answers the buffer to go on with; when it
     * throws, the buffer given to it is discarded.
     */
    private @Nullable OutBuffer put(@Nullable OutBuffer into, Exchange exchange, Reply reply)
            throws IOException, InterruptedException {
        OutBuffer current = into;
        boolean done = false;
        try {
            OutBuffer.Sized sized = exchange.size(reply);
            if (sized != null) {
                if (current != null && !current.hasRoom(sized)) {
                    OutBuffer full = current;
                    current = null;
                    writeAndDiscard(full);
                }
                if (current == null) {
                    current = OutBuffer.withRoom(pool, Math.max(BURST_BYTES, sized.inlineBytes()));
                }
                current.append(sized);
            }
            done = true;
            exchange.finish();
            return current;
        } finally {
            if (!done) {
                exchange.abandon(reply);
                if (current != null) {
                    current.discard();
                }
            }
        }
    }

    private void serveQueue() {
        OutBuffer buffer = null;
        try {
            for (Due head = awaitHead(); head != null; head = awaitHead()) {
                head.reply().get();
                int taken = 0;
                for (Due next = pollReady(); next != null; next = pollReady()) {
                    OutBuffer into = buffer;
                    buffer = null;
                    buffer = put(into, next.exchange(), next.reply().resultNow());
                    taken++;
                }
                if (buffer != null) {
                    OutBuffer full = buffer;
                    buffer = null;
                    writeAndDiscard(full);
                }
                written(taken);
            }
        } catch (IOException | InterruptedException | ExecutionException | RuntimeException e) {
            failure.failed(e);
        }
    }

    /** Waits for an answer to be due; null when closed. */
    private @Nullable Due awaitHead() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                changed.await();
            }
            return closed ? null : queue.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Due pollReady() {
        lock.lock();
        try {
            Due head = queue.peekFirst();
            return head != null && head.reply().isDone() ? queue.pollFirst() : null;
        } finally {
            lock.unlock();
        }
    }

    private void written(int answers) {
        lock.lock();
        try {
            dueSinceNanos = queue.isEmpty() ? Inbound.NEVER : clock.nanos();
            raise(-answers);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void raise(int answers) {
        due.addAndGet(answers);
    }

    /** Ends all waiting; answers that are still due are released when they come. Any thread, more than once. */
    void abort() {
        lock.lock();
        try {
            closed = true;
            for (Due answer = queue.pollFirst(); answer != null; answer = queue.pollFirst()) {
                abandon(answer);
            }
            if (writer != null) {
                writer.interrupt();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Memory of the request stays lent until the service is done with it. */
    private static void abandon(Due answer) {
        var _ = answer.reply().whenComplete((reply, bug) -> answer.exchange().abandon(reply));
    }

    /** Gives back the reader's burst. Reader only, at the end. */
    void discardBurst() {
        OutBuffer current = burst;
        burst = null;
        if (current != null) {
            current.discard();
        }
    }
}
