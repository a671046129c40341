package io.jofka.node.consensus;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Listens, remembers, and lets a test await what it expects. */
final class Recorder implements MetadataLog.Listener {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> records = new ArrayList<>();
    private long lastIndex = -1;
    private int leaderTerm;
    private int leaderId = -1;
    private @Nullable Throwable fault;

    @Override
    public void loaded(long index, int term, Iterator<byte[]> state) {
        update(() -> {
            records.clear();
            state.forEachRemaining(record -> records.add(text(record)));
            lastIndex = index;
        });
    }

    @Override
    public void committed(int term, List<MetadataLog.Committed> batch) {
        update(() -> {
            for (MetadataLog.Committed record : batch) {
                assertThat("indexes rise", record.index() > lastIndex, is(true));
                lastIndex = record.index();
                records.add(text(record.bytes()));
            }
        });
    }

    @Override
    public void leader(int nodeId, int term) {
        update(() -> {
            leaderId = nodeId;
            leaderTerm = term;
        });
    }

    @Override
    public void failed(Throwable cause) {
        update(() -> fault = cause);
    }

    int awaitLeader(int nodeId) throws InterruptedException {
        return awaitLeader(nodeId, 0);
    }

    /** Awaits leadership of a term above the given one and answers that term. */
    int awaitLeader(int nodeId, int aboveTerm) throws InterruptedException {
        int[] term = new int[1];
        await(() -> {
            term[0] = leaderTerm;
            return leaderId == nodeId && leaderTerm > aboveTerm;
        });
        return term[0];
    }

    void awaitRecords(List<String> expected) throws InterruptedException {
        await(() -> records.equals(expected));
    }

    Throwable awaitFault() throws InterruptedException {
        await(() -> fault != null);
        return java.util.Objects.requireNonNull(fault);
    }

    List<String> records() {
        lock.lock();
        try {
            return List.copyOf(records);
        } finally {
            lock.unlock();
        }
    }

    private void update(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(20);
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            assertThat("seen in time; records " + records + ", leader " + leaderId, condition.getAsBoolean(), is(true));
        } finally {
            lock.unlock();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
