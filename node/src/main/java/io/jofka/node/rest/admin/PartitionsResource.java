package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.Partition;
import io.jofka.api.model.PartitionPage;
import io.jofka.api.model.PartitionProducer;
import io.jofka.api.model.PartitionProducerPage;
import io.jofka.api.model.Segment;
import io.jofka.api.model.SegmentPage;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Paging;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.storage.Log.SegmentInfo;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Partitions of a topic: where they are, how far they are, who writes to them, and their files. */
@Path("/topics/{topic}/partitions")
@Produces(MediaType.APPLICATION_JSON)
public final class PartitionsResource {
    private final AdminServices services;
    private final TopicViews views;

    PartitionsResource(AdminServices services) {
        this.services = services;
        this.views = new TopicViews(services);
    }

    @GET
    public PartitionPage list(@PathParam("topic") String name, @Context UriInfo uri) {
        Paging paging = Paging.of(new Parameters(uri.getQueryParameters(), "limit", "pageToken"));
        TopicImage topic = views.find(name);
        Paging.Slice<PartitionImage> slice = paging.byNumber(topic.partitions(), p -> (long) p.partition());
        return new PartitionPage(
                views.partitions(topic, slice.items()), slice.nextPageToken().orElse(null), slice.total());
    }

    @GET
    @Path("/{partition}")
    public Partition get(
            @PathParam("topic") String name, @PathParam("partition") String partition, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        TopicImage topic = views.find(name);
        return views.partition(topic, views.find(topic, partition));
    }

    @GET
    @Path("/{partition}/producers")
    public PartitionProducerPage producers(
            @PathParam("topic") String name, @PathParam("partition") String partition, @Context UriInfo uri) {
        Paging paging = Paging.of(new Parameters(uri.getQueryParameters(), "limit", "pageToken"));
        TopicPartition here = here(name, partition).partition();
        List<ReplicaDescriptions.ProducerEntry> sorted = services.replicas().producers(here).stream()
                .sorted(Comparator.comparingLong(ReplicaDescriptions.ProducerEntry::producerId))
                .toList();
        Paging.Slice<ReplicaDescriptions.ProducerEntry> slice =
                paging.byNumber(sorted, ReplicaDescriptions.ProducerEntry::producerId);
        return new PartitionProducerPage(
                slice.map(PartitionsResource::producer), slice.nextPageToken().orElse(null), slice.total());
    }

    @GET
    @Path("/{partition}/segments")
    public SegmentPage segments(
            @PathParam("topic") String name, @PathParam("partition") String partition, @Context UriInfo uri) {
        Paging paging = Paging.of(new Parameters(uri.getQueryParameters(), "limit", "pageToken"));
        Paging.Slice<SegmentInfo> slice = paging.byNumber(here(name, partition).segments(), SegmentInfo::baseOffset);
        return new SegmentPage(
                slice.map(PartitionsResource::segment), slice.nextPageToken().orElse(null), slice.total());
    }

    private ReplicaDescriptions.Replica here(String name, String partition) {
        TopicImage topic = views.find(name);
        int number = views.find(topic, partition).partition();
        return services.replicas()
                .replica(new TopicPartition(topic.id(), number))
                .orElseThrow(() -> new Refusal(
                        Fault.NOT_LEADER,
                        "Node " + services.nodeId() + " has no replica of partition " + number + " of topic '" + name
                                + "'."));
    }

    private static PartitionProducer producer(ReplicaDescriptions.ProducerEntry entry) {
        return new PartitionProducer(
                entry.producerId(),
                entry.producerEpoch(),
                entry.lastSequence(),
                Instant.ofEpochMilli(entry.lastTimestampMs()),
                entry.openTransactionStart() < 0 ? null : entry.openTransactionStart());
    }

    private static Segment segment(SegmentInfo info) {
        return new Segment(
                info.baseOffset(),
                info.endOffset(),
                info.sizeBytes(),
                info.maxTimestampMs() < 0 ? null : Instant.ofEpochMilli(info.maxTimestampMs()),
                info.active());
    }
}
