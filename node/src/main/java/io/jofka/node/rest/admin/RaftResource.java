package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.RaftSnapshot;
import io.jofka.api.model.RaftStatus;
import io.jofka.api.model.RaftVoter;
import io.jofka.api.model.TransferSpec;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The quorum that keeps the metadata, and its snapshots. */
@Path("/raft")
@Produces(MediaType.APPLICATION_JSON)
public final class RaftResource {
    /** Longest wait for a snapshot to be written. */
    private static final int SNAPSHOT_TIMEOUT_MS = 60_000;

    /** The leader is asked for 4 s at most. */
    private static final int QUORUM_TIMEOUT_MS = 8_000;

    private final AdminServices services;
    private final Changes changes;

    RaftResource(AdminServices services) {
        this.services = services;
        this.changes = new Changes(services.config());
    }

    @GET
    public RaftStatus get(@Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        return view();
    }

    /** This node's own view, with what only the leader knows of the voters. */
    private RaftStatus view() {
        QuorumStatus.Status status = services.quorum().status();
        QuorumStatus.Quorum quorum = changes.join(services.quorum().quorum(), QUORUM_TIMEOUT_MS);
        return new RaftStatus(
                status.nodeId(),
                status.term(),
                status.leader() < 0 ? null : status.leader(),
                status.role(),
                status.logEndOffset(),
                status.committedOffset(),
                status.appliedIndex(),
                quorum.voters().stream().map(RaftResource::voter).toList(),
                quorum.observers().stream().map(RaftResource::voter).toList(),
                status.snapshot().map(RaftResource::snapshot).orElse(null));
    }

    @POST
    @Path("/transfer-leadership")
    @Consumes(MediaType.APPLICATION_JSON)
    public RaftStatus transfer(TransferSpec spec, @Context UriInfo uri) {
        int timeoutMs = Changes.timeoutMs(new Parameters(uri.getQueryParameters(), "timeoutMs"));
        if (spec.node() < 0) {
            throw Refusals.body("/node", "'node' is the id of a voter, not " + spec.node() + ".");
        }
        return switch (changes.join(services.quorum().transfer(spec.node(), timeoutMs), timeoutMs)) {
            case QuorumStatus.Transfer.Done _ -> view();
            case QuorumStatus.Transfer.Refused(Fault fault, String detail, String pointer) -> {
                Problem problem = Problem.of(fault, detail);
                throw new Refusal(pointer.isEmpty() ? problem : problem.at(pointer));
            }
        };
    }

    @POST
    @Path("/voters/{node}")
    @SuppressWarnings("DoNotCallSuggester") // called by JAX-RS, which answers the refusal
    public RaftStatus addVoter(@PathParam("node") String id, @Context UriInfo uri) {
        throw gated(id, uri);
    }

    @DELETE
    @Path("/voters/{node}")
    @SuppressWarnings("DoNotCallSuggester") // called by JAX-RS, which answers the refusal
    public RaftStatus removeVoter(@PathParam("node") String id, @Context UriInfo uri) {
        throw gated(id, uri);
    }

    /** The engine has a known fault when voters change while it runs; see docs/decisions/0020-fixed-voters.md. */
    private static Refusal gated(String id, UriInfo uri) {
        new Parameters(uri.getQueryParameters(), "dryRun");
        Parameters.whole("node", id, 0, Integer.MAX_VALUE);
        return new Refusal(
                Fault.FEATURE_OFF,
                "The voters of a running cluster cannot be changed: the Raft engine may lose committed metadata when they"
                        + " are, and the guard against that is not proven. The operation is opened when 50,000 seeds of the"
                        + " guarded simulation with changes of voters are clean. Until then a voter that is lost is replaced by"
                        + " starting it with an empty folder under the same id, and brokers can be added and decommissioned"
                        + " at any time.");
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
                known(voter.logEndOffset()),
                known(voter.lagRecords()),
                known(voter.lastFetchMsAgo()),
                known(voter.lastCaughtUpMsAgo()));
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
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
