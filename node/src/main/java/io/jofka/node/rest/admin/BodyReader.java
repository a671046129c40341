package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.BadEncoding;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;

/**
 * Makes the record of an administrative body: reads it with a limit, holds it against the record, and only then lets JSON-B
 * bind it. Thread-safe.
 */
final class BodyReader implements MessageBodyReader<Record> {
    private final Jsonb jsonb;
    private final Body body;
    private final int maxBytes;

    BodyReader(Jsonb jsonb, AdminConfig config) {
        this.jsonb = jsonb;
        this.body = new Body(config.maxDepth());
        this.maxBytes = config.maxBodyBytes();
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type.isRecord();
    }

    @Override
    public Record readFrom(
            Class<Record> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream entity) {
        byte[] bytes = read(entity);
        if (bytes.length > maxBytes) {
            throw new Refusal(Fault.BODY_TOO_LARGE, "The body of this operation has at most " + maxBytes + " bytes.");
        }
        List<Problem.Pointer> faults = Shape.check(body.read(bytes), type);
        if (!faults.isEmpty()) {
            throw new Refusal(
                    Problem.of(Fault.INVALID_BODY, faults.getFirst().detail()).errors(faults));
        }
        try {
            return jsonb.fromJson(new ByteArrayInputStream(bytes), type);
        } catch (JsonbException e) {
            // JSON-B speaks of Java classes: its message is not for callers
            throw new Refusal(Fault.INVALID_BODY, "The body does not fit the schema " + type.getSimpleName() + ".");
        }
    }

    private byte[] read(InputStream entity) {
        try {
            return entity.readNBytes(maxBytes + 1);
        } catch (BadEncoding e) {
            throw new Refusal(e.fault(), e.detail());
        } catch (IOException e) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The body ended too early.");
        }
    }
}
