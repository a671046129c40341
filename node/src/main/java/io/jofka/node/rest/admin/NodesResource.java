package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.ConfigEntry;
import io.jofka.api.model.ConfigPage;
import io.jofka.api.model.ConfigPatch;
import io.jofka.api.model.Decommission;
import io.jofka.api.model.Endpoint;
import io.jofka.api.model.LogDirectory;
import io.jofka.api.model.Node;
import io.jofka.api.model.NodePage;
import io.jofka.node.controller.TopicAdmin.ConfigChange;
import io.jofka.node.controller.TopicAdmin.Resource;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.EffectiveConfig;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Paging;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The registered nodes and their dynamic configurations. */
@Path("/nodes")
@Produces(MediaType.APPLICATION_JSON)
public final class NodesResource {
    /** In place of a node id: the settings that hold for all nodes. */
    private static final String DEFAULT = "default";

    private final AdminServices services;
    private final Changes changes;

    NodesResource(AdminServices services) {
        this.services = services;
        this.changes = new Changes(services.config());
    }

    @GET
    public NodePage list(@Context UriInfo uri) {
        Paging paging = Paging.of(new Parameters(uri.getQueryParameters(), "limit", "pageToken"));
        ClusterImage image = services.images().current();
        Map<Integer, Load> loads = loads(image);
        Paging.Slice<NodeImage> slice = paging.byNumber(image.nodes(), n -> (long) n.id());
        int leader = services.quorum().status().leader();
        return new NodePage(
                slice.map(node -> view(node, loads.getOrDefault(node.id(), new Load(0, 0)))),
                slice.nextPageToken().orElse(null),
                slice.total(),
                image.clusterId(),
                leader < 0 ? null : leader);
    }

    @GET
    @Path("/{node}")
    public Node get(@PathParam("node") String id, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        ClusterImage image = services.images().current();
        NodeImage node = find(image, id);
        return view(node, loads(image).getOrDefault(node.id(), new Load(0, 0)));
    }

    private static NodeImage find(ClusterImage image, String id) {
        int number = (int) Parameters.whole("node", id, 0, Integer.MAX_VALUE);
        return image.node(number)
                .orElseThrow(() -> new Refusal(Fault.UNKNOWN_NODE, "Node " + number + " is not registered."));
    }

    /** Partitions that a node leads and holds. */
    private record Load(int leaders, int replicas) {
        Load plus(boolean leads) {
            return new Load(leaders + (leads ? 1 : 0), replicas + 1);
        }
    }

    private static Map<Integer, Load> loads(ClusterImage image) {
        Map<Integer, Load> loads = new HashMap<>();
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                for (int node : partition.replicas()) {
                    Load before = loads.getOrDefault(node, new Load(0, 0));
                    loads.put(node, before.plus(partition.leader() == node));
                }
            }
        }
        return loads;
    }

    private Node view(NodeImage node, Load load) {
        List<String> roles = new ArrayList<>();
        if (node.broker()) {
            roles.add("broker");
        }
        if (node.controller()) {
            roles.add("controller");
        }
        List<Endpoint> endpoints = node.endpoints().entrySet().stream()
                .map(e -> new Endpoint(
                        e.getKey(), e.getValue().host(), e.getValue().port()))
                .sorted(Comparator.comparing(Endpoint::listener))
                .toList();
        boolean here = node.id() == services.nodeId();
        return new Node(
                node.id(),
                node.incarnation(),
                roles,
                node.fenced(),
                node.draining(),
                node.decommissioning(),
                node.rack(),
                endpoints,
                load.leaders(),
                load.replicas(),
                here ? directories() : null,
                here ? services.version() : null);
    }

    private List<LogDirectory> directories() {
        return services.replicas().directories().stream()
                .map(d -> new LogDirectory(
                        d.path().toString(),
                        d.online(),
                        d.offlineReason().isEmpty() ? null : d.offlineReason(),
                        d.totalBytes(),
                        d.usableBytes()))
                .toList();
    }

    @POST
    @Path("/{node}/drain")
    public Response drain(@PathParam("node") String id, @Context UriInfo uri) {
        return drain(id, true, new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs"));
    }

    @POST
    @Path("/{node}/resume")
    public Response resume(@PathParam("node") String id, @Context UriInfo uri) {
        return drain(id, false, new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs"));
    }

    private Response drain(String id, boolean draining, Parameters parameters) {
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        int number = find(services.images().current(), id).id();
        long index = changes.await(services.cluster().drain(number, draining, dryRun, timeoutMs), timeoutMs, "")
                .index();
        ClusterImage image = services.images().current();
        Response.ResponseBuilder answer =
                Response.ok(view(find(image, id), loads(image).getOrDefault(number, new Load(0, 0))));
        return dryRun
                ? answer.build()
                : answer.header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                        .build();
    }

    @POST
    @Path("/{node}/decommission")
    public Response decommission(@PathParam("node") String id, @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        int number = find(services.images().current(), id).id();
        long index = changes.await(services.cluster().decommission(number, dryRun, timeoutMs), timeoutMs, "")
                .index();
        Decommission how = Decommissions.of(services.images().current(), number, dryRun);
        return dryRun
                ? Response.ok(how).build()
                : Response.status(Response.Status.ACCEPTED)
                        .header(HttpHeaders.LOCATION, "/api/v1/nodes/" + number + "/decommission")
                        .header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                        .entity(how)
                        .build();
    }

    @GET
    @Path("/{node}/decommission")
    public Decommission decommissioning(@PathParam("node") String id, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        ClusterImage image = services.images().current();
        NodeImage node = find(image, id);
        if (!node.decommissioning()) {
            throw new Refusal(Fault.NOT_FOUND, "Node " + node.id() + " is not being decommissioned.");
        }
        return Decommissions.of(image, node.id(), false);
    }

    @GET
    @Path("/{node}/configs")
    public ConfigPage configs(@PathParam("node") String id, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        return page(resource(id));
    }

    @PATCH
    @Path("/{node}/configs")
    @Consumes({MediaType.APPLICATION_JSON, TopicsResource.MERGE_PATCH})
    public Response update(@PathParam("node") String id, ConfigPatch patch, @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        String name = resource(id);
        if (patch.configs().isEmpty()) {
            return Response.ok(page(name)).build();
        }
        ConfigChange change = new ConfigChange(Resource.NODE, name, ConfigText.ops(patch.configs()), Optional.empty());
        long index = changes.await(
                        services.topics().alterConfigs(List.of(change), dryRun, timeoutMs), timeoutMs, "/configs")
                .index();
        Response.ResponseBuilder answer = Response.ok(page(name));
        return dryRun
                ? answer.build()
                : answer.header(MetadataIndexFilter.METADATA_INDEX.defaultCase(), index)
                        .build();
    }

    /** The name under which the settings are kept: the id of a registered node, or empty for all nodes. */
    private String resource(String id) {
        if (id.equals(DEFAULT)) {
            return "";
        }
        return Integer.toString(find(services.images().current(), id).id());
    }

    private ConfigPage page(String name) {
        EffectiveConfig.Source own = name.isEmpty() ? EffectiveConfig.Source.CLUSTER : EffectiveConfig.Source.NODE;
        List<ConfigEntry> entries =
                TopicViews.configs(services.configs().node(services.images().current(), name), own);
        @Nullable String onePage = null;
        return new ConfigPage(entries, onePage, entries.size());
    }
}
