package io.jofka.node.rest.data.json;

import java.nio.ByteBuffer;

/**
 * Pulls JSON (RFC 8259, strict) from UTF-8 bytes without making objects: it tells where strings, numbers and whole
 * values begin and end, so that a value can be stored exactly as it was sent. Everything that it passes is validated:
 * grammar, UTF-8, escapes, surrogate pairs, nesting. Not thread-safe.
 *
 * <p>Why not a library's parser: values must come out byte for byte, UTF-16 and UTF-32 must not be guessed, field names
 * of callers' values must not fill a shared symbol table. Jackson is the oracle in the tests.
 */
public final class JsonScanner {
    private static final int END = -1;

    private final byte[] bytes;
    private final int origin;
    private final int end;
    private final int maxDepth;
    private final long[] objects;
    private int at;
    private int tokenStart;
    private int tokenEnd;
    private boolean escaped;

    /** Scans {@code [from, to)}; a value nested deeper than {@code maxDepth} levels is a fault. */
    public JsonScanner(byte[] bytes, int from, int to, int maxDepth) {
        this.bytes = bytes;
        this.origin = from;
        this.at = from;
        this.end = to;
        this.maxDepth = maxDepth;
        this.objects = new long[(maxDepth >> 6) + 1];
    }

    /** Index in the array of the next byte. */
    public int position() {
        return at;
    }

    /** Passes white space and tells the next byte without passing it; -1 at the end. */
    public int peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b & 0xff;
            }
            at++;
        }
        return END;
    }

    /** Passes the byte if it comes next (after white space). */
    public boolean take(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** Passes the byte, which must come next (after white space). */
    public void expect(char wanted) {
        if (!take(wanted)) {
            throw fault("expected '" + wanted + "'" + found());
        }
    }

    /** Nothing but white space may follow. */
    public void expectEnd() {
        if (peek() != END) {
            throw fault("the document goes on after its end" + found());
        }
    }

    /** After a member or an element: true when a comma was passed, false when {@code close} was passed. */
    public boolean more(char close) {
        if (take(',')) {
            return true;
        }
        if (take(close)) {
            return false;
        }
        throw fault("expected ',' or '" + close + "'" + found());
    }

    /** Passes {@code "name" :}; the name is the token then. */
    public void name() {
        if (peek() != '"') {
            throw fault("expected a member name in quotes" + found());
        }
        string();
        expect(':');
    }

    /** Whether the last string token is exactly this ASCII text, written without escapes. */
    public boolean tokenIs(String ascii) {
        int length = tokenEnd - tokenStart;
        if (length != ascii.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[tokenStart + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of the token's first byte: inside the quotes of a string, the whole text of any other value. */
    public int tokenStart() {
        return tokenStart;
    }

    public int tokenEnd() {
        return tokenEnd;
    }

    /** The text of the last string token in UTF-8; a view of the scanned array unless it had escapes. */
    public ByteBuffer text() {
        return escaped
                ? JsonText.unescape(bytes, tokenStart, tokenEnd)
                : ByteBuffer.wrap(bytes, tokenStart, tokenEnd - tokenStart);
    }

    /** Length in bytes of the last token as written. */
    public int tokenLength() {
        return tokenEnd - tokenStart;
    }

    /** Passes a string; {@link #peek} must have shown a quote. */
    public void string() {
        at++;
        tokenStart = at;
        escaped = false;
        while (true) {
            skipPlain();
            if (at >= end) {
                throw fault("a string is not closed");
            }
            int b = bytes[at] & 0xff;
            if (b == '"') {
                tokenEnd = at++;
                return;
            }
            if (b == '\\') {
                escaped = true;
                escape();
            } else if (b < ' ') {
                throw fault("a control character in a string must be escaped");
            } else if (b >= 0x80) {
                int length = Utf8.sequence(bytes, at, end);
                if (length == 0) {
                    throw fault("the text is not valid UTF-8");
                }
                at += length;
            } else {
                at++;
            }
        }
    }

    private void skipPlain() {
        int limit = end - Long.BYTES;
        while (at <= limit) {
            long marks = Swar.special(Swar.get(bytes, at));
            if (marks != 0) {
                at += Swar.first(marks);
                return;
            }
            at += Long.BYTES;
        }
    }

    private void escape() {
        if (end - at < 2) {
            throw fault("a string is not closed");
        }
        switch (bytes[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at += 2;
            case 'u' -> {
                int unit = hex(at + 2);
                at += 6;
                if (Character.isLowSurrogate((char) unit)) {
                    throw fault("half of a surrogate pair stands alone");
                }
                if (Character.isHighSurrogate((char) unit)) {
                    boolean pair = end - at >= 6
                            && bytes[at] == '\\'
                            && bytes[at + 1] == 'u'
                            && Character.isLowSurrogate((char) hex(at + 2));
                    if (!pair) {
                        throw fault("half of a surrogate pair stands alone");
                    }
                    at += 6;
                }
            }
            default -> throw fault("unknown escape in a string");
        }
    }

    private int hex(int from) {
        int value = end - from < 4 ? -1 : JsonText.hex4(bytes, from);
        if (value < 0) {
            throw fault("\\u needs four hexadecimal digits");
        }
        return value;
    }

    /** Passes one whole value of any kind; it is the token then, quotes and brackets included. */
    public void value() {
        int first = peek();
        int start = at;
        if (first == '{' || first == '[') {
            composite();
        } else {
            scalar(first);
        }
        tokenStart = start;
        tokenEnd = at;
    }

    private void composite() {
        int depth = 0;
        while (true) {
            int first = peek();
            if (first == '{' || first == '[') {
                if (++depth > maxDepth) {
                    throw fault("nested deeper than " + maxDepth + " levels");
                }
                boolean object = first == '{';
                push(depth, object);
                at++;
                if (!take(object ? '}' : ']')) {
                    if (object) {
                        name();
                    }
                    continue;
                }
                depth--;
            } else {
                scalar(first);
            }
            while (depth > 0) {
                boolean object = isObject(depth);
                if (more(object ? '}' : ']')) {
                    if (object) {
                        name();
                    }
                    break;
                }
                depth--;
            }
            if (depth == 0) {
                return;
            }
        }
    }

    private void push(int depth, boolean object) {
        long bit = 1L << (depth & 63);
        if (object) {
            objects[depth >> 6] |= bit;
        } else {
            objects[depth >> 6] &= ~bit;
        }
    }

    private boolean isObject(int depth) {
        return (objects[depth >> 6] & (1L << (depth & 63))) != 0;
    }

    private void scalar(int first) {
        switch (first) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case END -> throw fault("the document ends too early");
            default -> number(first);
        }
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || bytes[at + i] != word.charAt(i)) {
                throw fault("expected a value" + found());
            }
        }
        at += word.length();
    }

    private void number(int first) {
        if (first == '-') {
            at++;
        }
        if (at < end && bytes[at] == '0') {
            at++;
        } else {
            digits("expected a value" + found());
        }
        if (at < end && bytes[at] == '.') {
            at++;
            digits("a number lacks digits after its point");
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            digits("a number lacks digits in its exponent");
        }
        if (at < end && (Character.isLetterOrDigit(bytes[at]) || bytes[at] == '.')) {
            throw fault("a number is not well formed");
        }
    }

    private void digits(String message) {
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw fault(message);
        }
    }

    private String found() {
        if (at >= end) {
            return ", but the document ends";
        }
        int b = bytes[at] & 0xff;
        return b > ' ' && b < 0x7f ? ", found '" + (char) b + "'" : ", found byte 0x" + Integer.toHexString(b);
    }

    private JsonFault fault(String message) {
        return new JsonFault(message, at - origin);
    }
}
