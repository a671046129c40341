package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonScanner;
import io.jofka.node.rest.data.json.JsonText;
import io.jofka.node.rest.data.read.RecordFormat.Style;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /records/fetch}. Faults of content are 422 with the place, faults of grammar 400. */
record FetchBody(List<At> positions, String cursor, Wish wish, RecordFormat format) {
    private static final List<String> STYLES = List.of("auto", "json", "text", "base64");

    record At(String topic, int partition, long offset) {}

    static FetchBody read(Body body, DataLimits limits) {
        try {
            return new Reader(body, limits).read();
        } catch (JsonFault fault) {
            throw new Refusal(
                    Fault.MALFORMED_REQUEST,
                    "The body is not good JSON: " + fault.getMessage() + " (at byte " + fault.position() + ").");
        }
    }

    private static final class Reader {
        private final JsonScanner json;
        private final byte[] bytes;
        private final DataLimits limits;
        private final Set<String> seen = new HashSet<>();
        private final List<At> positions = new ArrayList<>();
        private String cursor = "";
        private int maxRecords = Wish.DEFAULT_RECORDS;
        private int maxBytes = Wish.DEFAULT_BYTES;
        private int waitMs;
        private Isolation isolation = Isolation.READ_COMMITTED;
        private Style style = Style.AUTO;
        private @Nullable Style keyStyle;
        private @Nullable Style valueStyle;
        private int maxValueBytes = -1;

        Reader(Body body, DataLimits limits) {
            this.bytes = body.array();
            this.limits = limits;
            this.json = new JsonScanner(bytes, 0, body.length(), limits.maxJsonDepth());
        }

        FetchBody read() {
            if (json.peek() != '{') {
                json.value();
                json.expectEnd();
                throw invalid("", "The body must be an object.");
            }
            json.expect('{');
            if (!json.take('}')) {
                do {
                    json.name();
                    String name = JsonText.string(json.text());
                    if (!seen.add(name)) {
                        throw invalid("/" + name, "The member is given twice.");
                    }
                    member(name);
                } while (json.more('}'));
            }
            json.expectEnd();
            if (positions.isEmpty() == cursor.isEmpty()) {
                throw invalid("", "Either positions or a cursor is needed.");
            }
            Wish wish = new Wish(maxRecords, maxBytes, waitMs, isolation, RecordFilter.ALL, limits.maxScanRecords());
            Style key = Objects.requireNonNullElse(keyStyle, style);
            Style value = Objects.requireNonNullElse(valueStyle, style);
            return new FetchBody(positions, cursor, wish, new RecordFormat(key, value, maxValueBytes, false));
        }

        private void member(String name) {
            switch (name) {
                case "positions" -> positions();
                case "cursor" -> cursor = text("/cursor");
                case "maxRecords" -> maxRecords = (int) number("/maxRecords", 1, limits.maxReadRecords());
                case "maxBytes" -> maxBytes = (int) number("/maxBytes", 1, limits.maxReadBytes());
                case "waitMs" -> waitMs = (int) number("/waitMs", 0, Wish.MAX_WAIT_MS);
                case "maxValueBytes" -> maxValueBytes = (int) number("/maxValueBytes", 0, Integer.MAX_VALUE);
                case "isolation" ->
                    isolation = Wish.isolation(word("/isolation", List.of("readCommitted", "readUncommitted")));
                case "format" -> style = RecordFormat.style(word("/format", STYLES));
                case "keyFormat" -> keyStyle = RecordFormat.style(word("/keyFormat", STYLES));
                case "valueFormat" -> valueStyle = RecordFormat.style(word("/valueFormat", STYLES));
                default ->
                    throw invalid(
                            "",
                            "A member is not known; known are positions, cursor, maxRecords, maxBytes, waitMs,"
                                    + " isolation, format, keyFormat, valueFormat, maxValueBytes.");
            }
        }

        private void positions() {
            if (json.peek() != '[') {
                json.value();
                throw invalid("/positions", "Positions must be an array.");
            }
            json.expect('[');
            if (json.take(']')) {
                return;
            }
            Set<String> places = new HashSet<>();
            do {
                String pointer = "/positions/" + positions.size();
                if (positions.size() == limits.maxFetchPositions()) {
                    throw invalid("/positions", "At most " + limits.maxFetchPositions() + " positions are allowed.");
                }
                At at = position(pointer);
                if (!places.add(at.partition() + "/" + at.topic())) {
                    throw invalid(pointer, "The partition is given twice.");
                }
                positions.add(at);
            } while (json.more(']'));
        }

        private At position(String pointer) {
            if (json.peek() != '{') {
                json.value();
                throw invalid(pointer, "A position must be an object.");
            }
            json.expect('{');
            String topic = "";
            long partition = -1;
            long offset = -1;
            if (!json.take('}')) {
                do {
                    json.name();
                    switch (JsonText.string(json.text())) {
                        case "topic" -> topic = text(pointer + "/topic");
                        case "partition" -> partition = number(pointer + "/partition", 0, Integer.MAX_VALUE);
                        case "offset" -> offset = number(pointer + "/offset", 0, Long.MAX_VALUE);
                        default -> throw invalid(pointer, "A position has topic, partition and offset.");
                    }
                } while (json.more('}'));
            }
            if (topic.isEmpty() || partition < 0 || offset < 0) {
                throw invalid(pointer, "A position needs topic, partition and offset.");
            }
            return new At(topic, (int) partition, offset);
        }

        private String text(String pointer) {
            if (json.peek() != '"') {
                json.value();
                throw invalid(pointer, "The value must be a string.");
            }
            json.string();
            return JsonText.string(json.text());
        }

        private String word(String pointer, List<String> allowed) {
            String word = text(pointer);
            if (!allowed.contains(word)) {
                throw invalid(pointer, "The value must be one of " + String.join(", ", allowed) + ".");
            }
            return word;
        }

        private long number(String pointer, long min, long max) {
            json.value();
            boolean whole = JsonText.isWholeNumber(bytes, json.tokenStart(), json.tokenEnd());
            long value = whole ? JsonText.wholeNumber(bytes, json.tokenStart(), json.tokenEnd()) : -1;
            if (!whole || value < min || value > max) {
                throw invalid(pointer, "The value must be a whole number from " + min + " to " + max + ".");
            }
            return value;
        }

        private static Refusal invalid(String pointer, String detail) {
            return Refusal.at(Fault.INVALID_BODY, pointer, detail);
        }
    }
}
