package io.jofka.node.metadata;

import java.util.ArrayList;
import java.util.List;

/** Configuration values that are comma-separated lists. */
final class ConfigLists {
    private ConfigLists() {}

    /** The items without surrounding blanks; an empty value is an empty list, an empty item stays an item. */
    static List<String> split(String value) {
        if (value.isBlank()) {
            return List.of();
        }
        List<String> items = new ArrayList<>();
        for (String item : value.split(",", -1)) {
            items.add(item.strip());
        }
        return List.copyOf(items);
    }

    static String join(List<String> items) {
        return String.join(",", items);
    }
}
