package io.jofka.node.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Renders problems as {@code application/problem+json} (RFC 9457), for HTTP services and for JAX-RS alike. Thread-safe.
 */
public final class ProblemWriter {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    private final JsonFactory json = new JsonFactory();
    private final int nodeId;
    private final RequestIds requestIds;

    /** {@code nodeId} is shown as {@code node}, so that a caller behind a balancer knows who answered. */
    public ProblemWriter(int nodeId, RequestIds requestIds) {
        this.nodeId = nodeId;
        this.requestIds = requestIds;
    }

    /** Answers the request with the problem; the response must not have been sent. */
    public void send(ServerRequest request, ServerResponse response, Problem problem) {
        String requestId = requestIds.of(request);
        response.status(status(problem.fault()));
        response.header(CONTENT_TYPE);
        response.header(NO_STORE);
        response.header(RequestIds.X_REQUEST_ID, requestId);
        if (problem.retryAfterSeconds() > 0) {
            response.header(HeaderNames.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        response.send(bytes(problem, request.prologue().uriPath().rawPath(), requestId));
    }

    public static Status status(Fault fault) {
        return Status.create(fault.status());
    }

    /** The problem as a complete JSON document. */
    public byte[] bytes(Problem problem, String instance, String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = json.createGenerator(out)) {
            write(generator, problem, instance, requestId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes the problem as one object where the generator stands, for answers that carry a problem in each slot. */
    public void write(JsonGenerator generator, Problem problem, String instance, String requestId) throws IOException {
        Fault fault = problem.fault();
        generator.writeStartObject();
        generator.writeStringField("type", "/problems/" + fault.slug());
        generator.writeStringField("title", fault.title());
        generator.writeNumberField("status", fault.status());
        generator.writeStringField("detail", problem.detail());
        generator.writeStringField("instance", instance);
        generator.writeStringField("code", fault.name());
        generator.writeNumberField("kafkaErrorCode", fault.kafkaCode());
        generator.writeBooleanField("retriable", fault.retriable());
        generator.writeStringField("requestId", requestId);
        generator.writeNumberField("node", nodeId);
        if (!problem.errors().isEmpty()) {
            generator.writeArrayFieldStart("errors");
            for (Problem.Pointer error : problem.errors()) {
                generator.writeStartObject();
                generator.writeStringField("pointer", error.pointer());
                generator.writeStringField("code", error.code());
                generator.writeStringField("detail", error.detail());
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
        for (Map.Entry<String, Object> member : problem.extra().entrySet()) {
            generator.writeFieldName(member.getKey());
            writeValue(generator, member.getValue());
        }
        generator.writeEndObject();
    }

    private static void writeValue(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case String text -> generator.writeString(text);
            case Boolean bit -> generator.writeBoolean(bit);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case List<?> list -> {
                generator.writeStartArray();
                for (Object item : list) {
                    writeValue(generator, item);
                }
                generator.writeEndArray();
            }
            case Map<?, ?> map -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    generator.writeFieldName(entry.getKey().toString());
                    writeValue(generator, entry.getValue());
                }
                generator.writeEndObject();
            }
            default -> throw new IllegalArgumentException("a problem cannot carry a " + value.getClass());
        }
    }
}
