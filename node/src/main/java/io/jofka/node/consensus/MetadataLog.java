package io.jofka.node.consensus;

import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The replicated log of metadata records, opaque bytes to it. Behind it stands a Raft engine; nothing of that engine is
 * in these types. All methods may be called from any thread.
 */
public interface MetadataLog extends AutoCloseable {
    /**
     * Starts the engine; returns at once. The listener is called on one engine thread, in order, and must not block.
     * First call is always {@link Listener#loaded}; after a restart of the engine inside the process it comes again and
     * replaces everything.
     */
    void start(Listener listener);

    /**
     * Appends records as one atomic batch and completes with the index of the last one when it is committed, which
     * includes the force on a majority. Fails with {@link NotLeader} when nothing was appended, with
     * {@link OutcomeUnknown} when leadership was lost meanwhile, with {@link TooLarge} for more than about 8 MiB.
     */
    CompletableFuture<Long> append(int term, List<byte[]> records);

    /** Gives leadership of this term up; nothing happens when this node does not lead it. */
    void resign(int term);

    /** As {@link #resign}; the successor, another voter, is the one that is to stand first. */
    void transfer(int term, int successor);

    QuorumView status();

    /**
     * Writes the engine's checkpoint of the state up to and including {@code index} and drops the log before it. False
     * when a newer one exists already.
     */
    boolean snapshot(long index, int term, Iterator<byte[]> records);

    /** Identity of the metadata folder: a wiped disk is another voter (KIP-853). */
    UUID directoryId();

    String clusterId();

    @Override
    void close();

    /** Receives the committed history. */
    interface Listener {
        /** Replaces all state; {@code index} is the last one covered, -1 for the empty start. */
        void loaded(long index, int term, Iterator<byte[]> records);

        /** Committed records in order, one atomic batch of one term at a time. */
        void committed(int term, List<Committed> records);

        /** Who leads, -1 for nobody. For this node itself it comes after all that earlier terms committed. */
        void leader(int nodeId, int term);

        /** The engine has ended and will not go on in this process. */
        void failed(Throwable fault);
    }

    /** A record and its place. */
    record Committed(long index, byte[] bytes) {}

    /** Why an append was not done, or may not have been done. */
    abstract sealed class AppendFailure extends RuntimeException permits NotLeader, OutcomeUnknown, TooLarge {
        private static final long serialVersionUID = 1L;

        AppendFailure(String message) {
            super(message, null, false, false);
        }
    }

    /** This node does not lead the term: nothing was appended. */
    final class NotLeader extends AppendFailure {
        private static final long serialVersionUID = 1L;

        public NotLeader(String message) {
            super(message);
        }
    }

    /** Appended, then leadership was lost or the engine ended: may or may not become committed. */
    final class OutcomeUnknown extends AppendFailure {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(String message) {
            super(message);
        }
    }

    /** The batch is larger than the engine takes: nothing was appended. */
    final class TooLarge extends AppendFailure {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message);
        }
    }
}
