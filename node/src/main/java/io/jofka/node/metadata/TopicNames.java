package io.jofka.node.metadata;

import java.util.Optional;
import java.util.Set;

/** What names topics may have: Kafka's rule, which also makes them safe as parts of metric names and addresses. */
public final class TopicNames {
    /** Characters. */
    public static final int MAX_LENGTH = 249;

    private static final Set<String> INTERNAL = Set.of("__consumer_offsets", "__transaction_state");

    private TopicNames() {}

    /** What is wrong with a name, as a sentence; empty when it is valid. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("A topic name must not be empty");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("A topic must not be named '.' or '..'");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("A topic name has at most " + MAX_LENGTH + " characters, this one has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (!allowed(name.charAt(i))) {
                return Optional.of("Topic name '" + Quoted.of(name)
                        + "' has a character other than ASCII letters, digits, '.', '_' and '-'");
            }
        }
        return Optional.empty();
    }

    /** Whether the platform itself keeps the topic. */
    public static boolean isInternal(String name) {
        return INTERNAL.contains(name);
    }

    /** Equal for names that would meet in systems which turn dots into underscores. */
    static String collisionKey(String name) {
        return name.replace('.', '_');
    }

    static boolean canCollide(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
    }

    private static boolean allowed(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }
}
