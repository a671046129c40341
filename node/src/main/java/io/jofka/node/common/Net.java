package io.jofka.node.common;

import java.util.concurrent.CompletableFuture;

/**
 * Port to the other nodes of the cluster: one request, one answer, opaque bytes that the asking and the answering layer
 * agree on. In production it is carried by gRPC, in a simulation by a queue that loses, delays and reorders. Thread-safe.
 */
public interface Net {
    /** What a request is for; every kind has one handler on a node. */
    enum Call {
        /** A message of the Raft engine. */
        RAFT,
        /** Whether a voter has a history; asked by a node with an empty metadata folder. */
        STANDING,
        /** A change of metadata, for the active controller. */
        COMMAND,
        /** A node tells the active controller that it lives, and is told what the controller thinks of it. */
        HEARTBEAT,
        /** A follower asks a leader for record batches. Answers may have megabytes. */
        REPLICA,
        /** Record batches for a leader, from the node that a caller happens to talk to. Megabytes. */
        PRODUCE,
        /** Record batches from a leader, for a caller of another node. Answers may have megabytes. */
        FETCH,
        /** The leader of the metadata quorum tells how its voters are, or hands over. */
        QUORUM,
        /** Offsets, deletion of records and descriptions of what a leader keeps. */
        LOOKUP,
        /** Faults on purpose, where they are allowed. */
        LAB
    }

    /**
     * Sends a request. The future fails with {@link Unreachable}, {@link Unanswered} or {@link Rejected} and with nothing
     * else; it always completes soon after {@code timeoutMs}, 1 to 120,000.
     */
    CompletableFuture<byte[]> call(int node, Call call, byte[] request, int timeoutMs);

    /** Names the handler of a kind, once, before the node is opened. */
    void serve(Call call, Handler handler);

    /** Answers requests of one kind. Called on a virtual thread, which it may block; a failed future becomes Rejected. */
    @FunctionalInterface
    interface Handler {
        CompletableFuture<byte[]> handle(int from, byte[] request);
    }

    /** Why there is no answer. */
    abstract sealed class NetFailure extends RuntimeException permits Unreachable, Unanswered, Rejected {
        private static final long serialVersionUID = 1L;

        NetFailure(String message) {
            super(message, null, false, false);
        }
    }

    /** The node was certainly not asked: no address, no connection. */
    sealed class Unreachable extends NetFailure permits Refused {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message) {
            super(message);
        }
    }

    /** Nobody listens at the address of the node: the process that did has ended, or is about to. */
    final class Refused extends Unreachable {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message);
        }
    }

    /** The request may have been carried out: the time was over or the connection broke. */
    final class Unanswered extends NetFailure {
        private static final long serialVersionUID = 1L;

        public Unanswered(String message) {
            super(message);
        }
    }

    /** The node refused the request: another cluster, no handler, overload, or a request it could not read. */
    final class Rejected extends NetFailure {
        private static final long serialVersionUID = 1L;

        public Rejected(String message) {
            super(message);
        }
    }
}
