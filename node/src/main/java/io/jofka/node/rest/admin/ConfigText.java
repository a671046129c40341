package io.jofka.node.rest.admin;

import io.jofka.node.controller.TopicAdmin.ConfigOp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Configuration values of bodies, which may be typed, as the text in which they are kept. */
final class ConfigText {
    private ConfigText() {}

    /** Values that are set; null means default and is left out. */
    static Map<String, String> values(Map<String, @Nullable Object> given) {
        Map<String, String> values = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (value != null) {
                values.put(name, text(value));
            }
        });
        return values;
    }

    /** A merge patch as operations: a value sets, null deletes. */
    static List<ConfigOp> ops(Map<String, @Nullable Object> patch) {
        List<ConfigOp> ops = new ArrayList<>();
        patch.forEach((name, value) -> ops.add(
                value == null
                        ? new ConfigOp(ConfigOp.Kind.DELETE, name, "")
                        : new ConfigOp(ConfigOp.Kind.SET, name, text(value))));
        return ops;
    }

    private static String text(Object value) {
        return switch (value) {
            case BigDecimal number -> number.toPlainString();
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
            default -> value.toString();
        };
    }
}
