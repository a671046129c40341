package io.jofka.node.kafka;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.QuorumStatus;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A quorum of which node 1 leads, node 2 lags and node 3 is silent; node 4 only follows. */
final class FakeQuorum implements QuorumStatus {
    static final UUID DIRECTORY = new UUID(5, 6);

    private static Voter voter(int node, long end, long fetchedMsAgo) {
        return new Voter(node, DIRECTORY.toString(), end, end < 0 ? -1 : 40 - end, fetchedMsAgo, fetchedMsAgo);
    }

    @Override
    public Status status() {
        return new Status(1, 7, 1, "leader", 40, 39, 38, List.of(voter(1, 40, 0)), Optional.empty());
    }

    @Override
    public CompletableFuture<Quorum> quorum() {
        return CompletableFuture.completedFuture(new Quorum(
                1, 7, 39, List.of(voter(1, 40, 0), voter(2, 30, 100), voter(3, -1, -1)), List.of(voter(4, 40, 10))));
    }

    @Override
    public CompletableFuture<Transfer> transfer(int node, int timeoutMs) {
        return CompletableFuture.completedFuture(new Transfer.Refused(Fault.NOT_IMPLEMENTED, "a fake", ""));
    }

    @Override
    public CompletableFuture<Long> snapshot() {
        return CompletableFuture.completedFuture(38L);
    }
}
