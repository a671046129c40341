package io.jofka.node.controller;

import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.consensus.QuorumView;
import io.jofka.node.storage.snapshot.H2Images;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the metadata log says about its quorum, in the words of the edges. Thread-safe. */
final class LocalQuorumStatus implements QuorumStatus {
    private final MetadataLog log;
    private final ControllerLoop loop;
    private final LocalImages images;
    private final H2Images stored;
    private final Clock clock;
    private final QuorumCalls calls;

    LocalQuorumStatus(
            int self,
            MetadataLog log,
            ControllerLoop loop,
            LocalImages images,
            H2Images stored,
            Net net,
            Clock clock,
            Executor threads) {
        this.calls = new QuorumCalls(self, log, loop, this::here, net, clock, threads);
        this.log = log;
        this.loop = loop;
        this.images = images;
        this.stored = stored;
        this.clock = clock;
    }

    @Override
    public Status status() {
        QuorumView view = log.status();
        return new Status(
                view.nodeId(),
                view.term(),
                view.leader(),
                role(view),
                view.logEndOffset(),
                view.committedOffset(),
                images.image().index(),
                voters(view, view.voters()),
                view.checkpoint().map(this::snapshot));
    }

    private static String role(QuorumView view) {
        if (view.leader() == view.nodeId()) {
            return "leader";
        }
        return view.leader() < 0 ? "candidate" : "follower";
    }

    private Quorum here() {
        QuorumView view = log.status();
        return new Quorum(
                view.leader(),
                view.term(),
                view.committedOffset(),
                voters(view, view.voters()),
                voters(view, view.observers()));
    }

    private List<Voter> voters(QuorumView view, List<QuorumView.Voter> which) {
        long now = clock.wallMs();
        return which.stream()
                .map(voter -> {
                    boolean self = voter.nodeId() == view.nodeId();
                    long end = self ? view.logEndOffset() : voter.logEndOffset();
                    return new Voter(
                            voter.nodeId(),
                            voter.directoryId().toString(),
                            end,
                            end < 0 ? -1 : Math.max(0, view.logEndOffset() - end),
                            self ? 0 : ago(now, voter.lastFetchMs()),
                            self && view.leader() == view.nodeId() ? 0 : ago(now, voter.lastCaughtUpMs()));
                })
                .toList();
    }

    private static long ago(long nowMs, long thenMs) {
        return thenMs < 0 ? -1 : Math.max(0, nowMs - thenMs);
    }

    @Override
    public CompletableFuture<Quorum> quorum() {
        return calls.quorum();
    }

    @Override
    public CompletableFuture<Transfer> transfer(int node, int timeoutMs) {
        return calls.transfer(node, timeoutMs);
    }

    private Snapshot snapshot(QuorumView.Checkpoint checkpoint) {
        Optional<H2Images.Stored> image = stored.find(checkpoint.index(), checkpoint.term());
        return new Snapshot(
                checkpoint.index(),
                checkpoint.term(),
                checkpoint.sizeBytes(),
                image.isPresent() ? "checkpoint+h2" : "checkpoint",
                image.map(stored::writtenAtMs).orElse(-1L));
    }

    @Override
    public CompletableFuture<Long> snapshot() {
        return loop.snapshot();
    }
}
