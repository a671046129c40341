package io.jofka.node.rest.data.exchange;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Refusal;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A limit on what is in work at one time: callers, or bytes. Never waits. Thread-safe. */
public final class Gate {
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder refusals = new LongAdder();
    private final long limit;
    private final Fault fault;
    private final String detail;

    /** {@code fault} and {@code detail} are what a caller is told when there is no room. */
    public Gate(long limit, Fault fault, String detail) {
        this.limit = limit;
        this.fault = fault;
        this.detail = detail;
    }

    /** Takes {@code amount}, to be given back by {@link #leave}; refuses when there is no room. */
    public void enter(long amount) {
        if (!tryEnter(amount)) {
            refusals.increment();
            throw new Refusal(fault, detail);
        }
    }

    /** Takes {@code amount} if there is room. */
    public boolean tryEnter(long amount) {
        if (taken.addAndGet(amount) > limit) {
            taken.addAndGet(-amount);
            return false;
        }
        return true;
    }

    /** Takes {@code amount} though there may be no room, for what exists anyway. */
    public void force(long amount) {
        taken.addAndGet(amount);
    }

    /** A moment's view. */
    public boolean hasRoom(long amount) {
        return taken.get() + amount <= limit;
    }

    public void leave(long amount) {
        taken.addAndGet(-amount);
    }

    /** What is taken now; for metrics. */
    public long taken() {
        return taken.get();
    }

    /** How often there was no room; for metrics. */
    LongAdder refusals() {
        return refusals;
    }

    public long limit() {
        return limit;
    }
}
