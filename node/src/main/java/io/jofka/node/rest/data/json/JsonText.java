package io.jofka.node.rest.data.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Small readings of JSON tokens that the scanner has validated. */
public final class JsonText {
    private JsonText() {}

    /** The four hexadecimal digits at {@code from}, or -1 when they are not. */
    static int hex4(byte[] bytes, int from) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(bytes[from + i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /** The text of a validated string token that has escapes, in UTF-8. */
    static ByteBuffer unescape(byte[] bytes, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        int at = from;
        while (at < to) {
            byte b = bytes[at++];
            if (b != '\\') {
                out[length++] = b;
                continue;
            }
            byte kind = bytes[at++];
            switch (kind) {
                case 'b' -> out[length++] = '\b';
                case 'f' -> out[length++] = '\f';
                case 'n' -> out[length++] = '\n';
                case 'r' -> out[length++] = '\r';
                case 't' -> out[length++] = '\t';
                case 'u' -> {
                    int code = hex4(bytes, at);
                    at += 4;
                    if (Character.isHighSurrogate((char) code)) {
                        code = Character.toCodePoint((char) code, (char) hex4(bytes, at + 2));
                        at += 6;
                    }
                    length = encode(code, out, length);
                }
                default -> out[length++] = kind;
            }
        }
        return ByteBuffer.wrap(out, 0, length);
    }

    private static int encode(int code, byte[] out, int at) {
        int length = at;
        if (code < 0x80) {
            out[length++] = (byte) code;
        } else if (code < 0x800) {
            out[length++] = (byte) (0xc0 | (code >> 6));
            out[length++] = (byte) (0x80 | (code & 0x3f));
        } else if (code < 0x10000) {
            out[length++] = (byte) (0xe0 | (code >> 12));
            out[length++] = (byte) (0x80 | ((code >> 6) & 0x3f));
            out[length++] = (byte) (0x80 | (code & 0x3f));
        } else {
            out[length++] = (byte) (0xf0 | (code >> 18));
            out[length++] = (byte) (0x80 | ((code >> 12) & 0x3f));
            out[length++] = (byte) (0x80 | ((code >> 6) & 0x3f));
            out[length++] = (byte) (0x80 | (code & 0x3f));
        }
        return length;
    }

    /** Whether {@code [from, to)} is a number without fraction, exponent or more than 18 digits. */
    public static boolean isWholeNumber(byte[] bytes, int from, int to) {
        int at = from;
        if (at < to && bytes[at] == '-') {
            at++;
        }
        if (at == to || to - at > 18) {
            return false;
        }
        for (; at < to; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') {
                return false;
            }
        }
        return true;
    }

    /** The value of a token for which {@link #isWholeNumber} holds. */
    public static long wholeNumber(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long value = 0;
        for (int at = negative ? from + 1 : from; at < to; at++) {
            value = value * 10 + (bytes[at] - '0');
        }
        return negative ? -value : value;
    }

    /** A copy of the bytes as a Java string. */
    public static String string(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
    }

    /** Whether the bytes are one JSON object or array (white space around it allowed) and nothing else. */
    public static boolean isObjectOrArray(byte[] bytes, int from, int to, int maxDepth) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        if (at == to || (bytes[at] != '{' && bytes[at] != '[')) {
            return false;
        }
        return isJson(bytes, at, to, maxDepth);
    }

    /** Whether the bytes are exactly one JSON value. */
    public static boolean isJson(byte[] bytes, int from, int to, int maxDepth) {
        JsonScanner scanner = new JsonScanner(bytes, from, to, maxDepth);
        try {
            scanner.value();
            scanner.expectEnd();
            return true;
        } catch (JsonFault notJson) {
            return false;
        }
    }
}
