package io.jofka.node.controller;

import io.jofka.node.common.Clock;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.consensus.QuorumView;
import io.jofka.node.storage.snapshot.H2Images;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the metadata log says about its quorum, in the words of the edges. Thread-safe. */
final class LocalQuorumStatus implements QuorumStatus {
    private final MetadataLog log;
    private final ControllerLoop loop;
    private final LocalImages images;
    private final H2Images stored;
    private final Clock clock;

    LocalQuorumStatus(MetadataLog log, ControllerLoop loop, LocalImages images, H2Images stored, Clock clock) {
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
                voters(view),
                view.checkpoint().map(this::snapshot));
    }

    private static String role(QuorumView view) {
        if (view.leader() == view.nodeId()) {
            return "leader";
        }
        return view.leader() < 0 ? "candidate" : "follower";
    }

    private List<Voter> voters(QuorumView view) {
        long now = clock.wallMs();
        return view.voters().stream()
                .map(voter -> {
                    boolean self = voter.nodeId() == view.nodeId();
                    long end = self ? view.logEndOffset() : voter.logEndOffset();
                    long ago = voter.lastFetchMs() < 0 ? -1 : Math.max(0, now - voter.lastFetchMs());
                    return new Voter(
                            voter.nodeId(),
                            voter.directoryId().toString(),
                            end,
                            end < 0 ? -1 : Math.max(0, view.logEndOffset() - end),
                            self ? 0 : ago);
                })
                .toList();
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
