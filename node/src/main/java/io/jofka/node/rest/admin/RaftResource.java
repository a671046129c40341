package io.jofka.node.rest.admin;

import io.jofka.api.model.RaftSnapshot;
import io.jofka.api.model.RaftStatus;
import io.jofka.api.model.RaftVoter;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Parameters;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;

/** The quorum that keeps the metadata, and its snapshots. */
@Path("/raft")
@Produces(MediaType.APPLICATION_JSON)
public final class RaftResource {
    /** Longest wait for a snapshot to be written. */
    private static final int SNAPSHOT_TIMEOUT_MS = 60_000;

    private final AdminServices services;
    private final Changes changes;

    RaftResource(AdminServices services) {
        this.services = services;
        this.changes = new Changes(services.config());
    }

    @GET
    public RaftStatus get(@Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        QuorumStatus.Status status = services.quorum().status();
        return new RaftStatus(
                status.nodeId(),
                status.term(),
                status.leader() < 0 ? null : status.leader(),
                status.role(),
                status.logEndOffset(),
                status.committedOffset(),
                status.appliedIndex(),
                status.voters().stream().map(RaftResource::voter).toList(),
                status.snapshot().map(RaftResource::snapshot).orElse(null));
    }

    @POST
    @Path("/snapshots")
    public Response createSnapshot(@Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        long index = changes.join(services.quorum().snapshot(), SNAPSHOT_TIMEOUT_MS);
        QuorumStatus.Status status = services.quorum().status();
        RaftSnapshot written = status.snapshot()
                .map(RaftResource::snapshot)
                .orElseGet(() -> new RaftSnapshot(index, status.term(), 0, "", null));
        return Response.status(Response.Status.CREATED)
                .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                .entity(written)
                .build();
    }

    private static RaftVoter voter(QuorumStatus.Voter voter) {
        return new RaftVoter(
                voter.nodeId(),
                voter.directoryId(),
                voter.logEndOffset(),
                voter.lagRecords(),
                voter.lastFetchMsAgo() < 0 ? null : voter.lastFetchMsAgo());
    }

    private static RaftSnapshot snapshot(QuorumStatus.Snapshot snapshot) {
        return new RaftSnapshot(
                snapshot.index(),
                snapshot.term(),
                snapshot.sizeBytes(),
                snapshot.store(),
                snapshot.takenAtMs() < 0 ? null : Instant.ofEpochMilli(snapshot.takenAtMs()));
    }
}
