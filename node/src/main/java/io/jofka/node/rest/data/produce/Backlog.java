package io.jofka.node.rest.data.produce;

import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.exchange.StallGuard.Writing;
import io.jofka.node.rest.data.json.JsonOut;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that wait for their reader. Many HTTP clients send a whole body before they read the first byte of the answer:
 * a server that stops reading because its answer is not taken would wait for them for ever, and they for it. So a thread
 * of its own writes, and what cannot be written yet is held up to a limit; only then, or when the body has ended, must
 * the caller read. One thread puts.
 */
final class Backlog implements AutoCloseable {
    private final Gate memory;
    private final long limitBytes;
    private final Thread producer = Thread.currentThread();
    private final Thread writer;
    private final Writing writing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long heldBytes;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    private Backlog(OutputStream to, StallGuard stalls, Gate memory, long limitBytes) {
        this.memory = memory;
        this.limitBytes = limitBytes;
        this.writer = Thread.ofVirtual().name("rest-answer").unstarted(this::write);
        this.writing = stalls.open(to, writer);
        writing.patient(true);
    }

    /** {@code memory} is asked for what is held, beyond one piece, in bytes; at most {@code limitBytes} are. */
    static Backlog open(OutputStream to, StallGuard stalls, Gate memory, long limitBytes) {
        Backlog backlog = new Backlog(to, stalls, memory, limitBytes);
        backlog.writer.start();
        return backlog;
    }

    /** Takes all of {@code out} and empties it. Waits while too much is held; fails when the caller is gone. */
    void put(JsonOut out) {
        if (out.length() == 0) {
            return;
        }
        byte[] piece = Arrays.copyOf(out.array(), out.length());
        out.length(0);
        lock.lock();
        try {
            waitUntil(() -> hasRoom(piece.length));
            writing.patient(true);
            waiting.add(piece);
            heldBytes += piece.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the memory as well. The first piece always has room: the caller has accounted for it. */
    private boolean hasRoom(int bytes) {
        if (heldBytes == 0) {
            memory.force(bytes);
            return true;
        }
        return heldBytes + bytes <= limitBytes && memory.tryEnter(bytes);
    }

    /** Waits until everything is sent: from here on a caller that does not read is cut. */
    void finish() {
        lock.lock();
        try {
            ended = true;
            writing.patient(false);
            changed.signalAll();
            waitUntil(() -> heldBytes == 0);
        } finally {
            lock.unlock();
        }
    }

    private void waitUntil(BooleanSupplier done) {
        try {
            while (failure == null && !done.getAsBoolean()) {
                writing.patient(false);
                changed.await();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            if (failure == null) {
                throw new UncheckedIOException(new InterruptedIOException("The stream is cut."));
            }
        }
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write() {
        try {
            for (byte[] piece = next(); piece != null; piece = next()) {
                writing.write(piece, 0, piece.length);
                writing.flush();
                sent(piece.length);
            }
        } catch (IOException e) {
            failed(e);
        } catch (UncheckedIOException e) {
            failed(new IOException(e));
        } catch (InterruptedException e) {
            failed(new IOException("The answer was cut", e));
        }
    }

    private byte @Nullable [] next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.await();
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private void sent(int bytes) {
        lock.lock();
        try {
            memory.leave(bytes);
            heldBytes -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the producing thread too: it may wait for a body that does not come any more. */
    private void failed(IOException cause) {
        lock.lock();
        try {
            failure = cause;
            memory.leave(heldBytes);
            heldBytes = 0;
            waiting.clear();
            changed.signalAll();
            if (!closed) {
                producer.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the answer; what is not sent yet is thrown away unless {@link #finish} was called. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended = true;
            if (failure == null && heldBytes > 0) {
                writer.interrupt();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = Thread.interrupted();
        try {
            writer.join();
        } catch (InterruptedException stopping) {
            interrupted = true;
        }
        writing.close();
        if (interrupted) {
            producer.interrupt();
        }
    }
}
