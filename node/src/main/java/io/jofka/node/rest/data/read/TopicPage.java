package io.jofka.node.rest.data.read;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.List;

/** One JSON page over many partitions, with the cursor to go on from. Thread-safe. */
final class TopicPage {
    private final ManyReader reader;
    private final DataLimits limits;
    private final Answers answers;

    TopicPage(ManyReader reader, DataLimits limits, Answers answers) {
        this.reader = reader;
        this.limits = limits;
        this.answers = answers;
    }

    void send(
            ServerRequest request,
            ServerResponse response,
            Positions positions,
            Wish wish,
            RecordFormat format,
            boolean withTopic) {
        PageAnswer answer = new PageAnswer(answers, response, format, limits.maxJsonDepth(), withTopic);
        ManyReader.Result result = reader.read(positions, wish, answer);
        JsonOut out = answer.members();
        out.ascii(",\"cursor\":\"").ascii(positions.cursor()).raw('"');
        out.ascii(",\"atEnd\":").ascii(Boolean.toString(positions.isAtEnd(wish.isolation())));
        if (wish.isFiltered()) {
            out.ascii(",\"scanned\":").number(result.scanned());
        }
        lags(out, result, withTopic);
        unavailable(answers, request, out, result.unavailable(), withTopic);
        answer.end();
    }

    private static void lags(JsonOut out, ManyReader.Result result, boolean withTopic) {
        if (result.lags().isEmpty()) {
            return;
        }
        out.ascii(",\"lagged\":[");
        boolean first = true;
        for (ManyReader.Lag lag : result.lags()) {
            out.ascii(first ? "" : ",");
            lag(out, lag, withTopic);
            first = false;
        }
        out.raw(']');
    }

    static void lag(JsonOut out, ManyReader.Lag lag, boolean withTopic) {
        where(out, lag.position(), withTopic);
        out.ascii(",\"fromOffset\":").number(lag.fromOffset());
        out.ascii(",\"toOffset\":").number(lag.toOffset()).raw('}');
    }

    /** The member that tells which partitions could not be read; none when all could. */
    static void unavailable(
            Answers answers,
            ServerRequest request,
            JsonOut out,
            List<ManyReader.Unavailable> unavailable,
            boolean withTopic) {
        if (unavailable.isEmpty()) {
            return;
        }
        out.ascii(",\"unavailable\":[");
        boolean first = true;
        for (ManyReader.Unavailable one : unavailable) {
            out.ascii(first ? "" : ",");
            unavailable(answers, request, out, one, withTopic);
            first = false;
        }
        out.raw(']');
    }

    static void unavailable(
            Answers answers, ServerRequest request, JsonOut out, ManyReader.Unavailable one, boolean withTopic) {
        where(out, one.position(), withTopic);
        out.ascii(",\"problem\":");
        answers.slot(request, out, one.problem());
        out.raw('}');
    }

    private static void where(JsonOut out, Position position, boolean withTopic) {
        out.raw('{');
        if (withTopic) {
            out.ascii("\"topic\":").string(position.topic()).raw(',');
        }
        out.ascii("\"partition\":").number(position.partition().partition());
    }
}
