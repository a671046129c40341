package io.jofka.node.metadata;

/** Text of a caller made fit for a message: short, one line, no control characters. */
final class Quoted {
    private static final int MAX_LENGTH = 120;

    private Quoted() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder();
        int length = Math.min(text.length(), MAX_LENGTH);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > MAX_LENGTH ? safe.append("...").toString() : safe.toString();
    }
}
