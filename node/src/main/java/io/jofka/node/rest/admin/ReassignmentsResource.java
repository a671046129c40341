package io.jofka.node.rest.admin;

import io.jofka.api.model.Reassignment;
import io.jofka.api.model.ReassignmentPage;
import io.jofka.api.model.ReassignmentSpec;
import io.jofka.api.model.ReplicaMove;
import io.jofka.node.broker.ReplicaDescriptions.Led;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.ClusterAdmin.Move;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeConfigs;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Paging;
import io.jofka.node.rest.Parameters;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moves of replicas between nodes. What is under way is in the metadata: every node shows and changes it. */
@Path("/reassignments")
@Produces(MediaType.APPLICATION_JSON)
public final class ReassignmentsResource {
    private static final String ADDRESS = "/api/v1/reassignments";

    private final AdminServices services;
    private final TopicViews views;
    private final Changes changes;
    private final ReplicaMoves moves;

    ReassignmentsResource(AdminServices services) {
        this.services = services;
        this.views = new TopicViews(services);
        this.changes = new Changes(services.config());
        this.moves = new ReplicaMoves(services, changes);
    }

    /** A partition with its topic. */
    private record Moving(TopicImage topic, PartitionImage partition) {
        /** In the order of names and numbers; a number is at most ten digits. */
        String key() {
            return topic.name() + "/" + "%010d".formatted(partition.partition());
        }

        TopicPartition id() {
            return new TopicPartition(topic.id(), partition.partition());
        }
    }

    @GET
    public ReassignmentPage list(@Context UriInfo uri) {
        Paging paging = Paging.of(new Parameters(uri.getQueryParameters(), "limit", "pageToken"));
        List<Moving> all = new ArrayList<>();
        ClusterImage image = services.images().current();
        for (TopicImage topic : image.topics()) {
            topic.partitions().stream()
                    .filter(PartitionImage::isMoving)
                    .forEach(partition -> all.add(new Moving(topic, partition)));
        }
        Paging.Slice<Moving> slice = paging.byText(all, Moving::key);
        List<Optional<Led>> led =
                services.replicas().led(slice.items().stream().map(Moving::id).toList());
        List<Reassignment> items = new ArrayList<>();
        for (int i = 0; i < slice.items().size(); i++) {
            items.add(view(slice.items().get(i), led.get(i)));
        }
        return new ReassignmentPage(items, slice.nextPageToken().orElse(null), slice.total(), throttle(image));
    }

    private static Reassignment view(Moving moving, Optional<Led> led) {
        PartitionImage partition = moving.partition();
        List<Integer> target = new ArrayList<>(partition.replicas());
        target.removeAll(partition.removing());
        List<io.jofka.api.model.Replica> progress = led.map(l -> partition.adding().stream()
                        .map(node -> TopicViews.replica(partition, node, partition.leader(), l))
                        .toList())
                .orElse(null);
        Long remaining = progress == null ? null : remaining(progress, led.get());
        return new Reassignment(
                moving.topic().name(),
                partition.partition(),
                target,
                partition.adding(),
                partition.removing(),
                progress,
                remaining,
                remaining == null ? null : bytes(remaining, led.get()));
    }

    /** Records that the replicas on their way lack, together; who was not heard yet lacks all. */
    private static long remaining(List<io.jofka.api.model.Replica> progress, Led led) {
        long all = led.offsets().logEndOffset() - led.offsets().logStartOffset();
        long remaining = 0;
        for (io.jofka.api.model.Replica replica : progress) {
            Long lag = replica.lagRecords();
            remaining += lag == null ? all : Math.min(all, lag);
        }
        return remaining;
    }

    private static long bytes(long records, Led led) {
        long all = led.offsets().logEndOffset() - led.offsets().logStartOffset();
        return all <= 0 ? 0 : (long) ((double) led.sizeBytes() * records / all);
    }

    private static @Nullable Long throttle(ClusterImage image) {
        String rate = image.nodeConfigs("").get(NodeConfigs.MOVE_RATE);
        return rate == null ? null : Long.valueOf(rate);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(ReassignmentSpec spec, @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        List<ReplicaMove> planned = moves.planned(spec);
        List<Reassignment> plan = planned.stream().map(this::plan).toList();
        moves.check(planned, timeoutMs);
        if (dryRun) {
            Long rate = spec.throttleBytesPerSecond();
            Long now = throttle(services.images().current());
            return Response.ok(new ReassignmentPage(plan, null, plan.size(), rate == null ? now : unlimited(rate)))
                    .build();
        }
        long index = moves.begin(planned, spec.throttleBytesPerSecond(), timeoutMs);
        return Response.status(Response.Status.ACCEPTED)
                .header(HttpHeaders.LOCATION, ADDRESS)
                .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                .entity(new ReassignmentPage(
                        plan, null, plan.size(), throttle(services.images().current())))
                .build();
    }

    private static @Nullable Long unlimited(long rate) {
        return rate == 0 ? null : rate;
    }

    /** What a move would do, against what is there now. */
    private Reassignment plan(ReplicaMove move) {
        List<Integer> now = services.images()
                .current()
                .topic(move.topic())
                .filter(topic -> move.partition() >= 0
                        && move.partition() < topic.partitions().size())
                .map(topic -> settled(topic.partitions().get(move.partition())))
                .orElse(List.of());
        List<Integer> adding = new ArrayList<>(move.replicas());
        adding.removeAll(now);
        List<Integer> removing = new ArrayList<>(now);
        removing.removeAll(move.replicas());
        return new Reassignment(move.topic(), move.partition(), move.replicas(), adding, removing, null, null, null);
    }

    private static List<Integer> settled(PartitionImage partition) {
        List<Integer> settled = new ArrayList<>(partition.replicas());
        settled.removeAll(partition.adding());
        return settled;
    }

    @DELETE
    @Path("/{topic}/{partition}")
    public Response cancel(
            @PathParam("topic") String name, @PathParam("partition") String partition, @Context UriInfo uri) {
        int timeoutMs = Changes.timeoutMs(new Parameters(uri.getQueryParameters(), "timeoutMs"));
        TopicImage topic = views.find(name);
        int number = views.find(topic, partition).partition();
        Move cancelled = new Move(new Place(topic.name(), number), Optional.empty());
        long index = changes.await(services.cluster().moveReplicas(List.of(cancelled), false, timeoutMs), timeoutMs, "")
                .index();
        return Response.noContent()
                .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                .build();
    }
}
