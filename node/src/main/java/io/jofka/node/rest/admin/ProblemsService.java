package io.jofka.node.rest.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Advice;
import io.jofka.api.fault.Fault;
import io.jofka.api.model.ProblemType;
import io.jofka.api.model.ProblemTypePage;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import jakarta.json.bind.Jsonb;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The catalogue of problems, where the type of every problem leads: JSON, or a page for browsers. Thread-safe. */
public final class ProblemsService implements HttpService {
    private final Jsonb jsonb;

    public ProblemsService(Jsonb jsonb) {
        this.jsonb = jsonb;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).get("/{slug}", this::get);
    }

    private static List<ProblemType> catalogue() {
        Map<Fault, Advice> advice = Advice.all();
        return Arrays.stream(Fault.values())
                .map(fault -> {
                    Advice its = advice.getOrDefault(fault, new Advice("", ""));
                    return new ProblemType(
                            fault.slug(),
                            fault.name(),
                            fault.title(),
                            fault.status(),
                            fault.kafkaCode(),
                            fault.retriable(),
                            its.cause(),
                            its.cure());
                })
                .toList();
    }

    private void list(ServerRequest request, ServerResponse response) {
        Parameters.of(request.query());
        List<ProblemType> all = catalogue();
        if (!Html.isWanted(request)) {
            send(response, new ProblemTypePage(all, all.size()));
            return;
        }
        StringBuilder body = new StringBuilder("<h1>Problems</h1><table><tr><th>Status<th>Code<th>Meaning");
        for (ProblemType one : all) {
            body.append("<tr><td>")
                    .append(one.status())
                    .append("<td><a href=\"/problems/")
                    .append(one.slug())
                    .append("\">")
                    .append(one.code())
                    .append("</a><td>")
                    .append(Html.escape(one.title()));
        }
        Html.send(response, "Problems", body.append("</table>").toString());
    }

    private void get(ServerRequest request, ServerResponse response) {
        Parameters.of(request.query());
        String slug = request.path().pathParameters().get("slug");
        ProblemType one = catalogue().stream()
                .filter(p -> p.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Fault.UNKNOWN_PROBLEM, "The catalogue has no problem '" + Parameters.shown(slug) + "'."));
        if (!Html.isWanted(request)) {
            send(response, one);
            return;
        }
        String body = "<h1>" + Html.escape(one.title()) + "</h1><dl><dt>Code<dd><code>" + one.code()
                + "</code><dt>HTTP status<dd>" + one.status() + "<dt>Kafka error code<dd>" + one.kafkaErrorCode()
                + "<dt>May the same request succeed later?<dd>" + (one.retriable() ? "Yes" : "No") + "<dt>Cause<dd>"
                + Html.escape(one.cause()) + "<dt>Cure<dd>" + Html.escape(one.cure())
                + "</dl><p><a href=\"/problems\">All problems</a></p>";
        Html.send(response, one.title(), body);
    }

    private void send(ServerResponse response, Object value) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(jsonb.toJson(value).getBytes(StandardCharsets.UTF_8));
    }
}
