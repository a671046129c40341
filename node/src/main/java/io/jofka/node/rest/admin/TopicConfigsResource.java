package io.jofka.node.rest.admin;

import io.jofka.api.model.ConfigEntry;
import io.jofka.api.model.ConfigPage;
import io.jofka.api.model.ConfigPatch;
import io.jofka.api.model.TopicPatch;
import io.jofka.node.metadata.EffectiveConfig;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.MetadataIndexFilter;
import io.jofka.node.rest.Parameters;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Configurations of a topic: what is in force, and changes. */
@Path("/topics/{topic}/configs")
@Produces(MediaType.APPLICATION_JSON)
public final class TopicConfigsResource {
    private final AdminServices services;
    private final TopicViews views;
    private final Changes changes;

    TopicConfigsResource(AdminServices services) {
        this.services = services;
        this.views = new TopicViews(services);
        this.changes = new Changes(services.config());
    }

    @GET
    public Response list(@PathParam("topic") String name, @Context UriInfo uri) {
        new Parameters(uri.getQueryParameters());
        return answer(views.find(name)).build();
    }

    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, TopicsResource.MERGE_PATCH})
    public Response update(
            @PathParam("topic") String name,
            ConfigPatch patch,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Context UriInfo uri) {
        Parameters parameters = new Parameters(uri.getQueryParameters(), "dryRun", "timeoutMs");
        boolean dryRun = parameters.flag("dryRun").orElse(false);
        int timeoutMs = Changes.timeoutMs(parameters);
        TopicImage topic = views.find(name);
        Optional<Long> expected = Versions.expected(ifMatch, topic);
        TopicPatch asTopic = new TopicPatch(null, patch.configs());
        TopicChange change = new TopicChange(services.topics(), changes, topic, asTopic, expected, timeoutMs);
        if (dryRun) {
            change.check();
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
        List<ConfigEntry> entries = TopicViews.configs(
                services.configs().topic(services.images().current(), topic), EffectiveConfig.Source.TOPIC);
        return Response.ok(new ConfigPage(entries, null, entries.size())).header(HttpHeaders.ETAG, Versions.tag(topic));
    }
}
