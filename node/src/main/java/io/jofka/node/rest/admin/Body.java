package io.jofka.node.rest.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON body into maps, lists and scalars, strictly: one document, no member twice, bounded depth, and numbers that
 * cannot blow up. What is wrong ends the request with 400 and the place.
 */
final class Body {
    /** Longest number, in characters. */
    private static final int MAX_NUMBER = 64;

    private final JsonFactory json;

    Body(int maxDepth) {
        json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MAX_NUMBER)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    @Nullable
    Object read(byte[] bytes) {
        if (bytes.length == 0) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The operation needs a body, and there is none.");
        }
        try (JsonParser parser = json.createParser(bytes)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw malformed(parser, "something follows the document");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The JSON is nested too deeply, or a number is too long.");
        } catch (JsonParseException e) {
            boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
            throw at(e, twice ? "a member is given twice" : "it is not valid JSON");
        } catch (JsonProcessingException e) {
            throw at(e, "it is not valid JSON");
        } catch (IOException e) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The body is not UTF-8.");
        }
    }

    private static Refusal at(JsonProcessingException e, String what) {
        if (e.getLocation() == null) {
            return new Refusal(Fault.MALFORMED_REQUEST, "The body cannot be read: " + what + ".");
        }
        return malformed(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), what);
    }

    private static Refusal malformed(JsonParser parser, String what) {
        return malformed(
                parser.currentLocation().getLineNr(), parser.currentLocation().getColumnNr(), what);
    }

    private static Refusal malformed(int line, int column, String what) {
        String detail = "The body cannot be read at line " + line + ", column " + column + ": " + what + ".";
        return new Refusal(Problem.of(Fault.MALFORMED_REQUEST, detail));
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw malformed(parser, "the document is empty");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw malformed(parser, "it is not valid JSON");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }
}
