package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.FetchOutcome.Refused;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /topics/{t}/partitions/{p}/records}: a page of one partition from an offset or a time. Thread-safe. */
final class PartitionRead {
    private static final Set<String> PARAMETERS = parameters();

    private final PageReader pages;
    private final OffsetService offsets;
    private final DataLimits limits;
    private final ReadGates gates;
    private final Answers answers;

    PartitionRead(PageReader pages, OffsetService offsets, DataLimits limits, ReadGates gates, Answers answers) {
        this.pages = pages;
        this.offsets = offsets;
        this.limits = limits;
        this.gates = gates;
        this.answers = answers;
    }

    private static Set<String> parameters() {
        Set<String> names = new HashSet<>(Wish.PARAMETERS);
        names.add("offset");
        names.add("at");
        return Set.copyOf(names);
    }

    void serve(ServerRequest request, ServerResponse response, String topic, TopicPartition partition) {
        Media.toAnswer(request.headers(), List.of(Media.JSON));
        Parameters params = Parameters.of(request.query(), PARAMETERS);
        Wish wish = Wish.of(params, limits);
        RecordFormat format = RecordFormat.of(params, false);
        Gate gate = gates.of(wish.waitMs());
        gate.enter(1);
        try {
            serve(response, topic, partition, params, wish, format);
        } finally {
            gate.leave(1);
        }
    }

    private void serve(
            ServerResponse response,
            String topic,
            TopicPartition partition,
            Parameters params,
            Wish wish,
            RecordFormat format) {
        long start = OffsetSpec.of(params).resolve(offsets, partition, wish.isolation());
        Position position = new Position(topic, partition, start);
        PageAnswer answer = new PageAnswer(answers, response, format, limits.maxJsonDepth(), false);
        PageReader.Page page = pages.read(List.of(position), wish, answer);
        Refused refused = position.refused();
        if (refused != null && page.records() == 0) {
            throw new Refusal(problem(refused));
        }
        PartitionOffsets now = position.offsets();
        JsonOut out = answer.members();
        out.ascii(",\"nextOffset\":").number(position.next());
        out.ascii(",\"highWatermark\":").number(now.highWatermark());
        out.ascii(",\"logStartOffset\":").number(now.logStartOffset());
        out.ascii(",\"lastStableOffset\":").number(now.lastStableOffset());
        if (wish.isFiltered()) {
            out.ascii(",\"scanned\":").number(page.scanned());
        }
        answer.end();
    }

    /** What a fetch refused, with the offsets that help to go on. */
    static Problem problem(Refused refused) {
        Problem problem = Problem.of(refused.fault(), refused.detail());
        PartitionOffsets now = refused.offsets();
        if (refused.fault() == Fault.OFFSET_OUT_OF_RANGE && now.logStartOffset() >= 0) {
            return problem.extra(Map.of("logStartOffset", now.logStartOffset(), "highWatermark", now.highWatermark()));
        }
        return problem;
    }
}
