package io.jofka.node.rest.data;

import java.util.Random;

/** Draws valid JSON texts with all the shapes that the grammar allows. */
public final class RandomJson {
    private static final String[] TEXTS = {
        "",
        "a",
        "key",
        "gr\u00fc\u00dfe",
        "\ud83d\ude80",
        "\u0000\u001f\u007f",
        "\"\\/",
        "\u2028\uffff",
        "null",
        "{}",
        " x "
    };
    private static final String[] SPACES = {"", "", "", " ", "\t", "\n", "\r\n", "  "};

    private final Random random;

    public RandomJson(Random random) {
        this.random = random;
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }

    /** The text in quotes, with more escapes than needed. */
    public String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean half = Character.isSurrogate(c);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (!half && random.nextInt(8) == 0)) {
                out.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else if (Character.isHighSurrogate(c) && random.nextInt(2) == 0) {
                out.append(String.format("\\u%04x\\u%04X", (int) c, (int) text.charAt(++i)));
            } else if (c == '/' && random.nextBoolean()) {
                out.append("\\/");
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    public String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> number();
            case 3, 4 -> quoted(text());
            case 5 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    public String compositeOrNumber() {
        return switch (random.nextInt(4)) {
            case 0 -> number();
            case 1 -> array(4);
            default -> object(4);
        };
    }

    private String number() {
        String whole = random.nextInt(3) == 0 ? "0" : Long.toString(1 + random.nextLong(1L << random.nextInt(1, 62)));
        String fraction = random.nextInt(3) == 0 ? "." + random.nextInt(100_000) + "00" : "";
        String exponent = random.nextInt(4) == 0
                ? (random.nextBoolean() ? "e" : "E")
                        + new String[] {"", "+", "-"}[random.nextInt(3)]
                        + random.nextInt(20)
                : "";
        return (random.nextBoolean() ? "-" : "") + whole + fraction + exponent;
    }

    private String array(int depth) {
        StringBuilder out = new StringBuilder("[").append(space());
        for (int i = random.nextInt(4); i > 0; i--) {
            out.append(value(depth)).append(space()).append(i > 1 ? "," : "").append(space());
        }
        return out.append(']').toString();
    }

    private String object(int depth) {
        StringBuilder out = new StringBuilder("{").append(space());
        for (int i = random.nextInt(4); i > 0; i--) {
            // members are distinct: readers of the result need not agree on which of two counts
            out.append(quoted(text() + i)).append(space()).append(':').append(space());
            out.append(value(depth)).append(space()).append(i > 1 ? "," : "").append(space());
        }
        return out.append('}').toString();
    }

    private String space() {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
