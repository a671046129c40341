package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.PartitionAssignment;
import io.jofka.api.model.Topic;
import io.jofka.api.model.TopicPage;
import io.jofka.api.model.TopicPatch;
import io.jofka.api.model.TopicPlan;
import io.jofka.api.model.TopicSpec;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Paging;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Topics: list, create, describe, change, delete. */
@Path("/topics")
@Produces(MediaType.APPLICATION_JSON)
public final class TopicsResource {
    static final String MERGE_PATCH = "application/merge-patch+json";

    /** How the layers below say that they are to choose. */
    private static final int DEFAULT = -1;

    private static final int MAX_NAME = 249;

    private final AdminServices services;
    private final TopicViews views;
    private final Changes changes;

    TopicsResource(AdminServices services) {
        this.services = services;
        this.views = new TopicViews(services);
        this.changes = new Changes(services.config());
    }

    @GET
    public TopicPage list(@Context UriInfo uri) {
        Parameters parameters = new Parameters(
                uri.getQueryParameters(), "limit", "pageToken", "namePrefix", "nameContains", "internal");
        String prefix = parameters.text("namePrefix", MAX_NAME).orElse("");
        String part = parameters.text("nameContains", MAX_NAME).orElse("");
        Optional<Boolean> internal = parameters.flag("internal");
        Paging paging = Paging.of(parameters);
        List<TopicImage> matching = services.images().current().topics().stream()
                .filter(t -> t.name().startsWith(prefix) && t.name().contains(part))
                .filter(t -> internal.map(wanted -> wanted == t.internal()).orElse(true))
                .toList();
        Paging.Slice<TopicImage> slice = paging.byText(matching, TopicImage::name);
        return new TopicPage(slice.map(views::topic), slice.nextPageToken().orElse(null), slice.total());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(TopicSpec spec, @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        TopicAdmin.TopicSpec wanted = new TopicAdmin.TopicSpec(
                spec.name(),
                orDefault(spec.partitions(), "partitions", Fault.INVALID_PARTITIONS),
                orDefault(spec.replicationFactor(), "replicationFactor", Fault.INVALID_REPLICATION_FACTOR),
                assignment(spec.assignment()),
                spec.configs() == null ? Map.of() : ConfigText.values(spec.configs()));
        Changes.Done<TopicAdmin.Created> done =
                changes.await(services.topics().createTopics(List.of(wanted), dryRun, timeoutMs), timeoutMs, "");
        TopicAdmin.Created created = done.value();
        if (dryRun) {
            return Response.ok(new TopicPlan(
                            created.name(),
                            created.partitions(),
                            created.replicationFactor(),
                            created.configs(),
                            null,
                            null))
                    .build();
        }
        Topic topic = services.images()
                .current()
                .topic(created.id())
                .map(views::topic)
                .orElseGet(() -> new Topic(
                        created.name(),
                        created.id(),
                        false,
                        created.partitions(),
                        created.replicationFactor(),
                        0,
                        0,
                        created.configs(),
                        done.index(),
                        done.index()));
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.LOCATION, "/api/v1/topics/" + topic.name())
                .header(HttpHeaders.ETAG, "\"" + topic.changedIndex() + "\"")
                .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), done.index())
                .entity(topic)
                .build();
    }

    /** Absent is the default, which is -1 below this layer; a caller cannot say it so, only by leaving the member out. */
    private static int orDefault(@Nullable Integer number, String member, Fault fault) {
        if (number == null) {
            return DEFAULT;
        }
        if (number == DEFAULT) {
            throw new Refusal(Problem.of(
                            fault, "'" + member + "' is 1 or more, not " + number + "; leave it out for the default.")
                    .at("/" + member));
        }
        return number;
    }

    private static Map<Integer, List<Integer>> assignment(@Nullable List<PartitionAssignment> given) {
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (PartitionAssignment one : given == null ? List.<PartitionAssignment>of() : given) {
            if (assignment.put(one.partition(), one.replicas()) != null) {
                throw Refusals.body("/assignment", "Partition " + one.partition() + " is assigned twice.");
            }
        }
        return assignment;
    }

    @GET
    @Path("/{topic}")
    public Response get(@PathParam("topic") String name, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        return answer(views.find(name)).build();
    }

    @PATCH
    @Path("/{topic}")
    @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH})
    public Response update(
            @PathParam("topic") String name,
            TopicPatch patch,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        TopicImage topic = views.find(name);
        Optional<Long> expected = Versions.expected(ifMatch, topic);
        TopicChange change = new TopicChange(services.topics(), changes, topic, patch, expected, timeoutMs);
        change.check();
        if (dryRun) {
            return answer(topic).build();
        }
        long index = change.apply();
        Response.ResponseBuilder answer = answer(views.find(name));
        if (index >= 0) {
            answer.header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index);
        }
        return answer.build();
    }

    private Response.ResponseBuilder answer(TopicImage topic) {
        return Response.ok(views.topic(topic)).header(HttpHeaders.ETAG, Versions.tag(topic));
    }

    @DELETE
    @Path("/{topic}")
    public Response delete(
            @PathParam("topic") String name,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        TopicImage topic = views.find(name);
        Optional<Long> expected = Versions.expected(ifMatch, topic);
        TopicAdmin.TopicRef ref = new TopicAdmin.TopicRef(Optional.of(name), Optional.empty(), expected);
        Changes.Done<TopicAdmin.Deleted> done =
                changes.await(services.topics().deleteTopics(List.of(ref), dryRun, timeoutMs), timeoutMs, "");
        if (dryRun) {
            return Response.ok(loss(topic)).build();
        }
        return Response.noContent()
                .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), done.index())
                .build();
    }

    private TopicPlan loss(TopicImage topic) {
        long records = 0;
        long bytes = 0;
        for (PartitionImage partition : topic.partitions()) {
            Optional<ReplicaDescriptions.Replica> replica =
                    services.replicas().replica(new TopicPartition(topic.id(), partition.partition()));
            if (replica.isPresent()) {
                records += Math.max(
                        0,
                        replica.get().offsets().highWatermark()
                                - replica.get().offsets().logStartOffset());
                bytes += replica.get().sizeBytes();
            }
        }
        return new TopicPlan(
                topic.name(),
                topic.partitions().size(),
                TopicViews.replicationFactor(topic),
                topic.configs(),
                records,
                bytes);
    }
}
