package io.jofka.node.broker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue whose submitting threads do the work themselves (flat combining: Hendler, Incze, Shavit, Tzafrir 2010):
 * who finds no owner becomes the owner and takes all that waits, as one run, again and again until nothing waits. So
 * there is one owner at a time, no thread of its own, and no hand-over to another thread as long as nobody competes. Idle
 * it costs two fields.
 *
 * <p>Thread-safe. Order: first in, first out. Everything that an owner wrote happens before what the next owner reads.
 *
 * @param <C> what is queued; an object may be queued once
 */
final class FlatCombiner<C extends FlatCombiner.Node<C>> {
    private static final VarHandle HEAD;
    private static final VarHandle OWNED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(FlatCombiner.class, "head", Node.class);
            OWNED = lookup.findVarHandle(FlatCombiner.class, "owned", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A link of the queue: newest first until an owner takes the chain and turns it round. */
    abstract static class Node<C extends Node<C>> {
        private @Nullable C next;
        private int depth;
        private long totalBytes;

        /** What it counts towards the limit of bytes. */
        abstract long sizeBytes();

        /** The one submitted after it in the same run. */
        @Nullable
        C next() {
            return next;
        }
    }

    /** What all combiners of a node share. */
    record Limits(int commands, long bytes, int rounds, Executor handOver) {}

    private final Limits limits;
    /** Carries out a run: a chain by {@link Node#next}, oldest first. Must not throw. */
    private final Consumer<C> worker;

    private volatile @Nullable C head;
    private volatile boolean owned;

    FlatCombiner(Limits limits, Consumer<C> worker) {
        this.limits = limits;
        this.worker = worker;
    }

    /** Queues if the limits allow and works off the queue if nobody does; false: nothing was queued. */
    boolean submit(C command) {
        if (!push(command, false)) {
            return false;
        }
        work();
        return true;
    }

    /** As {@link #submit}, whatever the limits: for the few commands that the system itself sends. */
    void submitAlways(C command) {
        push(command, true);
        work();
    }

    /** Only queues; {@link #work} or the next submit carries it out. */
    boolean push(C command, boolean always) {
        Node<C> link = command;
        while (true) {
            C before = head;
            Node<C> last = before;
            link.depth = last == null ? 1 : last.depth + 1;
            link.totalBytes = (last == null ? 0 : last.totalBytes) + command.sizeBytes();
            if (last != null && !always && (link.depth > limits.commands() || link.totalBytes > limits.bytes())) {
                return false;
            }
            link.next = before;
            if (HEAD.compareAndSet(this, before, command)) {
                return true;
            }
        }
    }

    /** Works off the queue unless another thread does; that thread then takes what is queued here, too. */
    void work() {
        int rounds = 0;
        while (head != null && OWNED.compareAndSet(this, false, true)) {
            try {
                for (C run = take(); run != null; run = take()) {
                    worker.accept(run);
                    if (++rounds >= limits.rounds()) {
                        break;
                    }
                }
            } finally {
                owned = false;
            }
            if (rounds >= limits.rounds() && head != null) {
                limits.handOver().execute(this::work);
                return;
            }
        }
    }

    /** All that waits, oldest first, or null. */
    @SuppressWarnings("unchecked")
    private @Nullable C take() {
        if (head == null) {
            return null;
        }
        C newest = (C) HEAD.getAndSet(this, null);
        C oldest = null;
        while (newest != null) {
            C older = next(newest);
            link(newest, oldest);
            oldest = newest;
            newest = older;
        }
        return oldest;
    }

    private static <C extends Node<C>> @Nullable C next(C node) {
        return node.next();
    }

    private static <C extends Node<C>> void link(C node, @Nullable C next) {
        ((Node<C>) node).next = next;
    }
}
