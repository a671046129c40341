package io.jofka.node.controller;

import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.consensus.QuorumView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A metadata log that commits, elects and fails when the test says so. */
final class ScriptedLog implements MetadataLog {
    final List<Committed> history = new ArrayList<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private Listener listener = new NoListener();
    private List<byte[]> appended = List.of();
    private CompletableFuture<Long> outcome = new CompletableFuture<>();
    private CountDownLatch append = new CountDownLatch(1);

    @Override
    public synchronized void start(Listener newListener) {
        listener = newListener;
        newListener.loaded(-1, 0, Collections.emptyIterator());
        started.countDown();
    }

    synchronized Listener listener() {
        return listener;
    }

    @Override
    public synchronized CompletableFuture<Long> append(int term, List<byte[]> records) {
        appended = records;
        outcome = new CompletableFuture<>();
        append.countDown();
        return outcome;
    }

    /** Waits for the next append of the loop. */
    void awaitAppend() throws InterruptedException {
        CountDownLatch next;
        synchronized (this) {
            next = append;
        }
        if (!next.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was appended");
        }
    }

    /** Commits what was appended, in a term. */
    synchronized void commit(int term) {
        List<Committed> batch = new ArrayList<>();
        for (byte[] record : appended) {
            batch.add(new Committed(history.size() + (long) batch.size(), record));
        }
        history.addAll(batch);
        append = new CountDownLatch(1);
        listener.committed(term, batch);
        outcome.complete(batch.getLast().index());
    }

    synchronized void refuse(Throwable failure) {
        append = new CountDownLatch(1);
        outcome.completeExceptionally(failure);
    }

    @Override
    public void transfer(int term, int successor) {
        listener().leader(successor, term + 1);
    }

    @Override
    public void resign(int term) {
        listener().leader(-1, term + 1);
    }

    @Override
    public QuorumView status() {
        return new QuorumView(1, 1, 1, history.size(), history.size(), List.of(), List.of(), Optional.empty());
    }

    @Override
    public boolean snapshot(long index, int term, Iterator<byte[]> records) {
        return false;
    }

    @Override
    public UUID directoryId() {
        return new UUID(1, 1);
    }

    @Override
    public String clusterId() {
        return "scripted";
    }

    @Override
    public void close() {
        // nothing is open
    }

    private static final class NoListener implements Listener {
        @Override
        public void loaded(long index, int term, Iterator<byte[]> records) {
            throw new IllegalStateException("not started");
        }

        @Override
        public void committed(int term, List<Committed> records) {
            throw new IllegalStateException("not started");
        }

        @Override
        public void leader(int nodeId, int term) {
            throw new IllegalStateException("not started");
        }

        @Override
        public void failed(Throwable fault) {
            throw new IllegalStateException("not started");
        }
    }
}
