package io.jofka.node.rest.data.read;

import io.jofka.node.rest.Parameters;
import java.util.Set;

/**
 * How keys and values are shown. Whatever is asked for, bytes that do not fit it are shown as text if they are UTF-8,
 * otherwise as base64: a record never makes a read fail.
 *
 * @param maxValueBytes longer values are cut to a preview and marked; -1 for no cut
 * @param oneLine JSON values are written without line ends, for NDJSON and event streams
 */
public record RecordFormat(Style key, Style value, int maxValueBytes, boolean oneLine) {
    /** Parameters that {@link #of} reads. */
    public static final Set<String> PARAMETERS = Set.of("format", "keyFormat", "valueFormat", "maxValueBytes");

    /** Ways to show bytes. */
    public enum Style {
        /** Objects and arrays as JSON, other text as a string. */
        AUTO,
        /** Any valid JSON as JSON. */
        JSON,
        TEXT,
        BASE64
    }

    public static RecordFormat of(Parameters params, boolean oneLine) {
        Style both = style(params, "format", "auto");
        return new RecordFormat(
                params.has("keyFormat") ? style(params, "keyFormat", "auto") : both,
                params.has("valueFormat") ? style(params, "valueFormat", "auto") : both,
                params.whole("maxValueBytes", 0, Integer.MAX_VALUE, -1),
                oneLine);
    }

    private static Style style(Parameters params, String name, String absent) {
        return style(params.choice(name, absent, "auto", "json", "text", "base64"));
    }

    static Style style(String name) {
        return switch (name) {
            case "json" -> Style.JSON;
            case "text" -> Style.TEXT;
            case "base64" -> Style.BASE64;
            default -> Style.AUTO;
        };
    }
}
