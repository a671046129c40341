package io.jofka.node.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/** Writes events as the contract names them. Thread-safe. */
final class EventJson {
    private final JsonFactory json = new JsonFactory();
    private final int nodeId;

    EventJson(int nodeId) {
        this.nodeId = nodeId;
    }

    byte[] page(EventRing.Chunk chunk, long after) {
        return write(generator -> {
            generator.writeStartObject();
            generator.writeArrayFieldStart("items");
            for (Event event : chunk.events()) {
                event(generator, event);
            }
            generator.writeEndArray();
            generator.writeNumberField("lastId", chunk.lastId());
            if (after > 0 && chunk.missed() > 0) {
                generator.writeNumberField("missed", chunk.missed());
            }
            generator.writeEndObject();
        });
    }

    byte[] one(Event event) {
        return write(generator -> event(generator, event));
    }

    /** The data of a {@code lagged} event of a stream. */
    byte[] lagged(long missed, long resumeAfter) {
        return write(generator -> {
            generator.writeStartObject();
            generator.writeNumberField("missed", missed);
            generator.writeNumberField("after", resumeAfter);
            generator.writeEndObject();
        });
    }

    private interface Content {
        void write(JsonGenerator generator) throws IOException;
    }

    private byte[] write(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = json.createGenerator(out)) {
            content.write(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void event(JsonGenerator generator, Event event) throws IOException {
        generator.writeStartObject();
        generator.writeNumberField("id", event.id());
        generator.writeStringField("at", Instant.ofEpochMilli(event.atMs()).toString());
        generator.writeStringField("type", event.type());
        generator.writeStringField("sentence", event.sentence());
        generator.writeNumberField("node", nodeId);
        if (!event.details().isEmpty()) {
            generator.writeObjectFieldStart("details");
            for (Map.Entry<String, Object> entry : event.details().entrySet()) {
                generator.writeFieldName(entry.getKey());
                scalar(generator, entry.getValue());
            }
            generator.writeEndObject();
        }
        generator.writeEndObject();
    }

    private static void scalar(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case Boolean bit -> generator.writeBoolean(bit);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Float number -> generator.writeNumber(number);
            default -> generator.writeString(value.toString());
        }
    }
}
