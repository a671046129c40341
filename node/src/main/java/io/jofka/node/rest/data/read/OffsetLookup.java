package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.json.JsonOut;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.util.List;
import java.util.Set;

/** {@code GET /topics/{t}/offsets?at=}: one offset for each partition. Thread-safe. */
final class OffsetLookup {
    private static final Set<String> PARAMETERS = Set.of("at", "isolation");

    private final OffsetService offsets;
    private final Answers answers;

    OffsetLookup(OffsetService offsets, Answers answers) {
        this.offsets = offsets;
        this.answers = answers;
    }

    void serve(ServerRequest request, ServerResponse response, TopicImage topic) {
        Media.toAnswer(request.headers(), List.of(Media.JSON));
        Parameters params = Parameters.of(request.query(), PARAMETERS);
        String at = params.text("at").orElse("latest");
        Query query = switch (at) {
            case "earliest" -> new Query.Earliest();
            case "latest" -> new Query.Latest();
            case "maxTimestamp" -> new Query.MaxTimestamp();
            default -> new Query.AtTime(OffsetSpec.time("at", at));
        };
        Isolation isolation =
                Wish.isolation(params.choice("isolation", "readCommitted", "readCommitted", "readUncommitted"));
        JsonOut out = new JsonOut(64 + 64 * topic.partitions().size());
        out.ascii("{\"topic\":").string(topic.name()).ascii(",\"at\":").string(at);
        out.ascii(",\"offsets\":[");
        for (PartitionImage partition : topic.partitions()) {
            if (partition.partition() > 0) {
                out.raw(',');
            }
            out.ascii("{\"partition\":").number(partition.partition());
            TopicPartition where = new TopicPartition(topic.id(), partition.partition());
            switch (offsets.find(where, query, isolation, -1)) {
                case Result.Ok<TimestampedOffset>(TimestampedOffset found) -> found(out, found);
                case Result.Refused<TimestampedOffset>(Fault fault, String detail) -> {
                    out.ascii(",\"problem\":");
                    answers.slot(request, out, Problem.of(fault, detail));
                }
            }
            out.raw('}');
        }
        answers.json(response, out.ascii("]}"));
    }

    /** An offset of -1 (nothing matches) is left out: absent means none. */
    private static void found(JsonOut out, TimestampedOffset found) {
        if (found.offset() >= 0) {
            out.ascii(",\"offset\":").number(found.offset());
        }
        if (found.timestampMs() >= 0) {
            out.ascii(",\"timestampMs\":").number(found.timestampMs());
        }
        if (found.leaderEpoch() >= 0) {
            out.ascii(",\"leaderEpoch\":").number(found.leaderEpoch());
        }
    }
}
