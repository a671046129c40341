package io.jofka.node.metadata;

import java.util.List;

/**
 * The value of a key that is in force, where it comes from, and every place that sets it, the strongest first.
 *
 * @param overridden all settings of this key, the one in force first and the built-in default last
 */
public record EffectiveConfig(ConfigKey key, String value, Source source, List<Setting> overridden) {
    /** Where a value comes from; a source earlier in this list wins over a later one. */
    public enum Source {
        /** Set on the topic. */
        TOPIC,
        /** Set at run time for this node. */
        NODE,
        /** Set at run time as the default of all nodes. */
        CLUSTER,
        /** From the node's own configuration at start. */
        STATIC,
        /** Built in. */
        DEFAULT
    }

    /** One place that sets the key, under the name it has there. */
    public record Setting(String name, String value, Source source) {}
}
