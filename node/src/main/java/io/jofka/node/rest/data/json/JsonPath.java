package io.jofka.node.rest.data.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON pointer (RFC 6901) that is looked up in bytes without building a tree. Thread-safe. */
public final class JsonPath {
    private static final int MAX_STEPS = 64;

    private final List<Step> steps;
    private final int maxDepth;

    private JsonPath(List<Step> steps, int maxDepth) {
        this.steps = List.copyOf(steps);
        this.maxDepth = maxDepth;
    }

    /** A member name, and the index that it means in an array (-1 when it means none). */
    private record Step(ByteBuffer name, int index) {}

    /** Empty when the text is not a pointer, or has more than 64 steps. */
    public static Optional<JsonPath> parse(String pointer, int maxDepth) {
        List<Step> steps = new ArrayList<>();
        if (pointer.isEmpty()) {
            return Optional.of(new JsonPath(steps, maxDepth));
        }
        if (pointer.charAt(0) != '/') {
            return Optional.empty();
        }
        for (String part : pointer.substring(1).split("/", -1)) {
            if (part.replace("~0", "").replace("~1", "").indexOf('~') >= 0 || steps.size() == MAX_STEPS) {
                return Optional.empty();
            }
            String name = part.replace("~1", "/").replace("~0", "~");
            boolean index = name.matches("0|[1-9][0-9]{0,8}");
            ByteBuffer utf8 = ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8));
            steps.add(new Step(utf8, index ? Integer.parseInt(name) : -1));
        }
        return Optional.of(new JsonPath(steps, maxDepth));
    }

    /**
     * Whether the JSON in {@code data} has a value at this place that reads {@code expected}: the text of a string, or
     * the exact digits and letters of anything else. False for what is not JSON.
     */
    public boolean matches(ByteBuffer data, byte[] expected) {
        if (!data.hasArray()) {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining());
            return matches(copy.put(data.duplicate()).flip(), expected);
        }
        int from = data.arrayOffset() + data.position();
        JsonScanner json = new JsonScanner(data.array(), from, from + data.remaining(), maxDepth);
        try {
            for (Step step : steps) {
                if (!enter(json, step)) {
                    return false;
                }
            }
            ByteBuffer found;
            if (json.peek() == '"') {
                json.string();
                found = json.text();
            } else {
                json.value();
                found = ByteBuffer.wrap(data.array(), json.tokenStart(), json.tokenLength());
            }
            return found.equals(ByteBuffer.wrap(expected));
        } catch (JsonFault notJson) {
            return false;
        }
    }

    private static boolean enter(JsonScanner json, Step step) {
        if (json.take('{')) {
            if (json.take('}')) {
                return false;
            }
            do {
                json.name();
                if (json.text().equals(step.name())) {
                    return true;
                }
                json.value();
            } while (json.more('}'));
            return false;
        }
        if (step.index() < 0 || !json.take('[') || json.take(']')) {
            return false;
        }
        for (int i = 0; i < step.index(); i++) {
            json.value();
            if (!json.more(']')) {
                return false;
            }
        }
        return true;
    }
}
