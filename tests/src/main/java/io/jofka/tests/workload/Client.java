package io.jofka.tests.workload;

import io.jofka.tests.history.Event;
import io.jofka.tests.history.RecordId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One client of a run: a thread that does one step after another until it is told to end. What goes wrong inside a step
 * and is not part of the plan is kept and thrown by {@link #end}.
 */
abstract class Client {
    /** How long an idempotent client tries the same thing again while the node is away. */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    final Target target;
    final String name;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean running = true;
    private long sequence;

    Client(Target target, String name) {
        this.target = target;
        this.name = name;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::loop);
    }

    /** One request, or one read. */
    abstract void step() throws Exception;

    void finish() throws Exception {}

    final void start() {
        thread.start();
    }

    final void stopSoon() {
        running = false;
    }

    final boolean running() {
        return running;
    }

    /** Throws what went wrong so far. */
    final void check() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError(name + " failed: " + thrown, thrown);
        }
    }

    final void end() {
        running = false;
        try {
            thread.join(PATIENCE.plusSeconds(30).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError(name + " hangs at " + java.util.Arrays.toString(thread.getStackTrace()));
        }
        check();
    }

    private void loop() {
        try {
            while (running) {
                step();
            }
            finish();
        } catch (Exception | AssertionError e) {
            failure.set(e);
        }
    }

    final RecordId next() {
        RecordId id = new RecordId(name, sequence++);
        target.history().add(new Event.Sent(id));
        return id;
    }

    /** Waits until a time of {@link System#nanoTime}, or until the client is to end. */
    final void until(long nanos) {
        while (running && System.nanoTime() - nanos < 0) {
            LockSupport.parkNanos(Math.min(BETWEEN_TRIES.toNanos(), Math.max(1, nanos - System.nanoTime())));
        }
    }

    final void pause() {
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
}
