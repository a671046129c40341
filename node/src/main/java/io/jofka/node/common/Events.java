package io.jofka.node.common;

import java.util.Map;

/** Where layers tell what a person would want to know; the live edge keeps the last ones in a ring. Never blocks. Thread-safe. */
@FunctionalInterface
public interface Events {
    /**
     * @param type dotted noun and past verb, for example {@code topic.created}, {@code partition.offline}
     * @param sentence plain words
     * @param details values by name: strings, numbers, booleans
     */
    void publish(String type, String sentence, Map<String, Object> details);
}
