package io.jofka.node.rest.admin;

import io.jofka.api.model.ElectionCandidate;
import io.jofka.api.model.ElectionResult;
import io.jofka.api.model.ElectionSpec;
import io.jofka.node.broker.LeaderElections;
import io.jofka.node.broker.LeaderElections.Candidate;
import io.jofka.node.broker.LeaderElections.Elected;
import io.jofka.node.broker.ReplicaDescriptions.LogEnd;
import io.jofka.node.controller.ClusterAdmin.Ballot;
import io.jofka.node.controller.ClusterAdmin.Election;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Parameters;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Elections of a partition's leader that a caller asks for. */
@Path("/topics/{topic}/partitions/{partition}/elect-leader")
@Produces(MediaType.APPLICATION_JSON)
public final class ElectionsResource {
    private final AdminServices services;
    private final TopicViews views;
    private final Changes changes;
    private final LeaderElections elections;

    ElectionsResource(AdminServices services) {
        this.services = services;
        this.views = new TopicViews(services);
        this.changes = new Changes(services.config());
        this.elections = new LeaderElections(services.cluster(), services.images(), services.replicas());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response elect(
            @PathParam("topic") String name,
            @PathParam("partition") String partition,
            ElectionSpec spec,
            @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        TopicImage topic = views.find(name);
        int number = views.find(topic, partition).partition();
        Ballot ballot = new Ballot(new Place(topic.name(), number), node(spec));
        Changes.Done<Elected> done =
                changes.await(elections.elect(kind(spec), List.of(ballot), dryRun, timeoutMs), timeoutMs, "");
        Optional<Integer> epoch = dryRun
                ? Optional.empty()
                : services.images()
                        .current()
                        .topic(topic.id())
                        .map(now -> now.partitions().get(number))
                        .filter(now -> now.leader() == done.value().leader())
                        .map(PartitionImage::leaderEpoch);
        Response.ResponseBuilder answer = Response.ok(view(topic.name(), number, done.value(), epoch.orElse(null)));
        return dryRun
                ? answer.build()
                : answer.header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), done.index())
                        .build();
    }

    private static int node(ElectionSpec spec) {
        Integer node = spec.node();
        if (node == null) {
            return -1;
        }
        if (node < 0) {
            throw Refusals.body("/node", "'node' is the id of a node, not " + node + ".");
        }
        return node;
    }

    /** A loss is accepted in so many words or not at all; and nobody accepts one by the way. */
    private static Election kind(ElectionSpec spec) {
        boolean preferred = Boolean.TRUE.equals(spec.preferred());
        boolean lossy = Boolean.TRUE.equals(spec.acceptLoss());
        if (preferred && (lossy || spec.node() != null)) {
            throw Refusals.body("/preferred", "'preferred' is asked for alone, without 'acceptLoss' and 'node'.");
        }
        if (lossy) {
            return Election.UNCLEAN;
        }
        if (preferred) {
            return Election.PREFERRED;
        }
        if (spec.node() == null) {
            throw Refusals.body(
                    "",
                    "Say who shall lead: 'preferred': true, or 'node', or 'acceptLoss': true where no replica in sync is"
                            + " running.");
        }
        return Election.DESIGNATED;
    }

    private static ElectionResult view(String topic, int partition, Elected elected, @Nullable Integer leaderEpoch) {
        Long lostFrom = elected.unclean()
                ? elected.candidates().stream()
                        .filter(c -> c.node() == elected.leader())
                        .findFirst()
                        .flatMap(Candidate::end)
                        .map(LogEnd::endOffset)
                        .orElse(0L)
                : null;
        return new ElectionResult(
                topic,
                partition,
                elected.leader(),
                leaderEpoch,
                elected.unclean(),
                lostFrom,
                elected.candidates().stream().map(ElectionsResource::view).toList());
    }

    private static ElectionCandidate view(Candidate candidate) {
        Optional<LogEnd> end = candidate.end();
        return new ElectionCandidate(
                candidate.node(),
                end.map(LogEnd::lastEpoch).filter(epoch -> epoch >= 0).orElse(null),
                end.map(LogEnd::startOffset).orElse(null),
                end.map(LogEnd::endOffset).orElse(null),
                end.map(LogEnd::highWatermark).orElse(null));
    }
}
