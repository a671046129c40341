package io.jofka.node.metadata;

import java.util.Optional;

/**
 * One key of a configuration: its type, default and check.
 *
 * @param nodeKey the key of the node or cluster default that stands behind a topic key; empty when there is none
 * @param doc plain text for the reference page
 */
public record ConfigKey(
        String name,
        ValueType type,
        String defaultValue,
        ConfigCheck check,
        String nodeKey,
        Effect effect,
        String doc) {
    /** How a value is written; the names are Kafka's. */
    public enum ValueType {
        BOOLEAN,
        STRING,
        INT,
        LONG,
        DOUBLE,
        LIST
    }

    /** What a value does here. */
    public enum Effect {
        /** The node acts by it. */
        HONOURED,
        /** It is checked, kept and shown, because tools set it, and changes nothing; the doc says why. */
        ACCEPTED
    }

    /** What is wrong with a value, in a sentence that can follow the key's name; empty when it is valid. */
    public Optional<String> problem(String value) {
        return check.problem(value);
    }
}
