package io.jofka.api;

import java.util.Optional;

/**
 * Kafka's rules for topic names: 1 to 249 of the characters a-z, A-Z, 0-9, dot, underscore and hyphen, but neither "."
 * nor "..". (That "a.b" and "a_b" may not both exist, since metric names turn dots into underscores, is checked where
 * all topics are known.)
 */
public final class TopicNames {
    /** So that the name, a partition number and a suffix fit into a file name of 255 bytes. */
    public static final int MAX_LENGTH = 249;

    private TopicNames() {}

    public static boolean isValid(String name) {
        return refusal(name).isEmpty();
    }

    /** Why the name is not allowed, as a sentence; empty if it is. */
    public static Optional<String> refusal(String name) {
        if (name.isEmpty()) {
            return Optional.of("A topic name has at least one character.");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("A topic cannot be named '" + name + "'.");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("A topic name has at most 249 characters; this one has " + name.length() + ".");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return Optional.of("Character " + (i + 1) + " of the topic name (" + shown(name.codePointAt(i))
                        + ") is not allowed; use letters a to z, digits, '.', '_' and '-'.");
            }
        }
        return Optional.empty();
    }

    /** Whether two names, both valid, differ only in dots and underscores or not at all. */
    public static boolean collide(String one, String other) {
        return one.replace('.', '_').equals(other.replace('.', '_'));
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Never the character itself where it could break a line or a header. */
    private static String shown(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7f
                ? "'" + Character.toString(codePoint) + "'"
                : String.format("U+%04X", codePoint);
    }
}
