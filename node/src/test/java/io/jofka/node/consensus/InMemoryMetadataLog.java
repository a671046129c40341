package io.jofka.node.consensus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A log of one voter in memory: commits at once, on the caller's thread. For tests of what stands above the log. */
public final class InMemoryMetadataLog implements MetadataLog {
    private static final int MAX_BYTES = 8 << 20;

    private final List<Committed> records = new ArrayList<>();
    private final UUID directoryId = new UUID(7, 7);
    private final int nodeId;
    private @Nullable Listener listener;
    private int term;
    private boolean leading;

    public InMemoryMetadataLog(int nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public synchronized void start(Listener newListener) {
        listener = newListener;
        term++;
        leading = true;
        newListener.loaded(-1, 0, Collections.emptyIterator());
        if (!records.isEmpty()) {
            newListener.committed(1, List.copyOf(records));
        }
        newListener.leader(nodeId, term);
    }

    @Override
    public synchronized CompletableFuture<Long> append(int asTerm, List<byte[]> bytes) {
        Listener to = listener;
        if (to == null || !leading || asTerm != term) {
            return CompletableFuture.failedFuture(new NotLeader("not leader of " + asTerm));
        }
        if (bytes.stream().mapToLong(record -> record.length).sum() > MAX_BYTES) {
            return CompletableFuture.failedFuture(new TooLarge("too large"));
        }
        List<Committed> batch = new ArrayList<>();
        for (byte[] record : bytes) {
            batch.add(new Committed(records.size() + (long) batch.size(), record));
        }
        records.addAll(batch);
        to.committed(term, batch);
        return CompletableFuture.completedFuture(batch.getLast().index());
    }

    @Override
    public void transfer(int ofTerm, int successor) {
        resign(ofTerm);
    }

    @Override
    public synchronized void resign(int ofTerm) {
        Listener to = listener;
        if (to != null && leading && ofTerm == term) {
            term++;
            to.leader(nodeId, term);
        }
    }

    @Override
    public synchronized QuorumView status() {
        return new QuorumView(
                nodeId,
                term,
                leading ? nodeId : -1,
                records.size(),
                records.size(),
                List.of(new QuorumView.Voter(nodeId, directoryId, records.size(), -1, -1)),
                List.of(),
                Optional.empty());
    }

    @Override
    public boolean snapshot(long index, int atTerm, Iterator<byte[]> state) {
        state.forEachRemaining(record -> {});
        return false;
    }

    @Override
    public UUID directoryId() {
        return directoryId;
    }

    @Override
    public String clusterId() {
        return "in-memory-cluster-0001";
    }

    @Override
    public synchronized void close() {
        leading = false;
        listener = null;
    }
}
