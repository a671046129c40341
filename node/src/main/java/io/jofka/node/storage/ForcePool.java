package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The force threads of a directory: platform threads, since a force holds its carrier. Group commit: all that ask while
 * a force of their log is running share the next one; a log that was served goes to the end of the queue, so that a busy
 * one does not starve the others. Background work (sealing rolled segments) fills the gaps, and every 16th turn.
 * Thread-safe. The queue holds each log at most once.
 */
final class ForcePool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ForcePool.class.getName());
    private static final int BACKGROUND_TURN = 16;
    private static final long STOP_WAIT_MS = 60_000;

    /** The place of one log in the queue. Guarded by the pool. */
    static final class Ticket {
        private final SegmentLog log;
        private @Nullable CompletableFuture<Long> waiting;
        private boolean running;

        Ticket(SegmentLog log) {
            this.log = log;
        }
    }

    private final List<Thread> threads = new ArrayList<>();

    @GuardedBy("this")
    private final ArrayDeque<Ticket> queue = new ArrayDeque<>();

    @GuardedBy("this")
    private final ArrayDeque<Runnable> background = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean stopping;

    @GuardedBy("this")
    private int turns;

    /** No threads: all runs in the callers. */
    ForcePool(int threadCount, String name) {
        for (int i = 0; i < threadCount; i++) {
            threads.add(
                    Thread.ofPlatform().name(name + "-force-" + i).daemon(true).unstarted(this::serve));
        }
        threads.forEach(Thread::start);
    }

    /**
     * Done when everything appended to the log before the call is durable: with the offset below which that is so, or
     * with the {@link StorageFailure}. Shared by callers: do not complete it; what hangs on it runs on a force thread and
     * must be short.
     */
    CompletableFuture<Long> forceSoon(SegmentLog log) {
        if (threads.isEmpty()) {
            CompletableFuture<Long> done = new CompletableFuture<>();
            run(log, done);
            return done;
        }
        synchronized (this) {
            if (stopping) {
                return CompletableFuture.failedFuture(new IllegalStateException("the log directory is closing"));
            }
            Ticket ticket = log.ticket;
            CompletableFuture<Long> next = ticket.waiting;
            if (next == null) {
                next = new CompletableFuture<>();
                ticket.waiting = next;
                if (!ticket.running) {
                    queue.addLast(ticket);
                    notify();
                }
            }
            return next;
        }
    }

    /** Runs it some time; dropped when the pool stops first. */
    void later(Runnable work) {
        if (threads.isEmpty()) {
            runQuietly(work);
            return;
        }
        synchronized (this) {
            if (!stopping) {
                background.addLast(work);
                notify();
            }
        }
    }

    private void serve() {
        while (true) {
            Ticket ticket = null;
            Runnable work = null;
            CompletableFuture<Long> waiting = null;
            synchronized (this) {
                while (queue.isEmpty() && background.isEmpty() && !stopping) {
                    try {
                        wait();
                    } catch (InterruptedException ignored) {
                        // only close() ends these threads
                    }
                }
                boolean gap = queue.isEmpty() || ++turns % BACKGROUND_TURN == 0;
                if (gap && !background.isEmpty()) {
                    work = background.removeFirst();
                } else if (!queue.isEmpty()) {
                    ticket = queue.removeFirst();
                    waiting = ticket.waiting;
                    ticket.waiting = null;
                    ticket.running = true;
                } else {
                    return;
                }
            }
            if (work != null) {
                runQuietly(work);
            }
            if (ticket != null && waiting != null) {
                run(ticket.log, waiting);
                again(ticket);
            }
        }
    }

    private synchronized void again(Ticket ticket) {
        ticket.running = false;
        if (ticket.waiting != null) {
            queue.addLast(ticket);
            notify();
        }
    }

    private static void run(SegmentLog log, CompletableFuture<Long> waiting) {
        try {
            waiting.complete(log.force());
        } catch (RuntimeException failure) {
            waiting.completeExceptionally(failure);
        }
    }

    private static void runQuietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            // a failed write has put the directory offline already; anything else is tried again at the next chance
            LOG.log(System.Logger.Level.WARNING, "background work of a log directory failed", failure);
        }
    }

    /** Serves what is queued, then ends the threads. */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(STOP_WAIT_MS);
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
