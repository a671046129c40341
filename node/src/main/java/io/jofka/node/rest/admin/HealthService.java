package io.jofka.node.rest.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Health as MicroProfile Health shows it (status, checks with name, status and data): started, ready, live, and all.
 * Nothing is computed before it is asked for. Thread-safe.
 */
public final class HealthService implements HttpService {
    /** For which question a check counts. */
    public enum Kind {
        STARTED,
        READY,
        LIVE
    }

    /** What a check found; data values are text, numbers and booleans. */
    public record Finding(boolean up, Map<String, Object> data) {}

    /** A named check; it must answer at once and from any thread. */
    public record Check(Kind kind, String name, Supplier<Finding> finding) {}

    private final JsonFactory json = new JsonFactory();
    private final List<Check> checks;

    public HealthService(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> send(response, checks));
        rules.get("/started", (request, response) -> send(response, of(Kind.STARTED)));
        rules.get("/ready", (request, response) -> send(response, of(Kind.READY)));
        rules.get("/live", (request, response) -> send(response, of(Kind.LIVE)));
    }

    private List<Check> of(Kind kind) {
        return checks.stream().filter(check -> check.kind() == kind).toList();
    }

    private void send(ServerResponse response, List<Check> asked) {
        List<Finding> findings =
                asked.stream().map(check -> check.finding().get()).toList();
        boolean up = findings.stream().allMatch(Finding::up);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeStringField("status", word(up));
            generator.writeArrayFieldStart("checks");
            for (int i = 0; i < asked.size(); i++) {
                generator.writeStartObject();
                generator.writeStringField("name", asked.get(i).name());
                generator.writeStringField("status", word(findings.get(i).up()));
                if (!findings.get(i).data().isEmpty()) {
                    generator.writeObjectFieldStart("data");
                    for (Map.Entry<String, Object> entry :
                            findings.get(i).data().entrySet()) {
                        generator.writeFieldName(entry.getKey());
                        scalar(generator, entry.getValue());
                    }
                    generator.writeEndObject();
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        response.status(up ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.send(out.toByteArray());
    }

    private static void scalar(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case Boolean bit -> generator.writeBoolean(bit);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            default -> generator.writeString(value.toString());
        }
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
