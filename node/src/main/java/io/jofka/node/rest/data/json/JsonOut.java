package io.jofka.node.rest.data.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes JSON as UTF-8 into one growing array. It knows no structure: the caller writes the punctuation. Made for
 * answers of many records, where a record must cost a few copies and no objects. Not thread-safe.
 */
public final class JsonOut {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    public JsonOut(int initialBytes) {
        bytes = new byte[Math.max(64, initialBytes)];
    }

    /** The array that is written into; its first {@link #length} bytes count, until the next write. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Starts over, or goes back to a length noted before. */
    public void length(int earlier) {
        length = earlier;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            int wanted =
                    Math.max(Math.addExact(length, more), (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L));
            bytes = Arrays.copyOf(bytes, wanted);
        }
    }

    public JsonOut raw(byte b) {
        ensure(1);
        bytes[length++] = b;
        return this;
    }

    public JsonOut raw(char ascii) {
        return raw((byte) ascii);
    }

    /** Copies ASCII text as it is. */
    @SuppressWarnings("deprecation") // the one call that copies Latin-1 text without an array in between
    public JsonOut ascii(String text) {
        int size = text.length();
        ensure(size);
        text.getBytes(0, size, bytes, length);
        length += size;
        return this;
    }

    public JsonOut raw(byte[] source, int from, int to) {
        int size = to - from;
        ensure(size);
        System.arraycopy(source, from, bytes, length, size);
        length += size;
        return this;
    }

    /** Copies validated JSON onto one line: line ends can only be white space there, and become blanks. */
    public JsonOut oneLine(byte[] source, int from, int to) {
        int start = length;
        raw(source, from, to);
        for (int i = start; i < length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        return this;
    }

    public JsonOut number(long value) {
        ensure(20);
        if (value < 0) {
            return ascii(Long.toString(value));
        }
        int digits = digits(value);
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            long tenth = rest / 10;
            bytes[at] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        }
        length += digits;
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        long power = 10;
        while (digits < 19 && value >= power) {
            power *= 10;
            digits++;
        }
        return digits;
    }

    /** A string with quotes and escapes. Unpaired surrogates become a question mark. */
    public JsonOut string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        tryString(utf8, 0, utf8.length);
        return this;
    }

    /** Writes the bytes as a JSON string if they are valid UTF-8; otherwise writes nothing and answers false. */
    public boolean tryString(byte[] source, int from, int to) {
        int start = length;
        ensure(to - from + 16);
        bytes[length++] = '"';
        int at = from;
        while (at < to) {
            if (to - at >= Long.BYTES) {
                ensure(to - at + 16);
                long word = Swar.get(source, at);
                long marks = Swar.special(word);
                // all eight are written, those behind the first special byte are written over
                Swar.put(bytes, length, word);
                if (marks == 0) {
                    at += Long.BYTES;
                    length += Long.BYTES;
                    continue;
                }
                int plain = Swar.first(marks);
                at += plain;
                length += plain;
            }
            int size = character(source, at, to);
            if (size == 0) {
                length = start;
                return false;
            }
            at += size;
        }
        raw((byte) '"');
        return true;
    }

    private int character(byte[] source, int at, int to) {
        int b = source[at] & 0xff;
        if (b >= 0x80) {
            int size = Utf8.sequence(source, at, to);
            raw(source, at, at + size);
            return size;
        }
        ensure(6);
        switch (b) {
            case '"', '\\' -> escape(b);
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            default -> {
                if (b < ' ') {
                    ascii("\\u00").raw(HEX[b >> 4]).raw(HEX[b & 15]);
                } else {
                    bytes[length++] = (byte) b;
                }
            }
        }
        return 1;
    }

    private void escape(int letter) {
        bytes[length++] = '\\';
        bytes[length++] = (byte) letter;
    }

    /** The bytes in standard base64 with padding, as a JSON string. */
    public JsonOut base64(byte[] source, int from, int to) {
        int size = to - from;
        int encoded = (size + 2) / 3 * 4;
        ensure(encoded + 2);
        bytes[length++] = '"';
        byte[] input = from == 0 && to == source.length ? source : Arrays.copyOfRange(source, from, to);
        byte[] text = Base64.getEncoder().encode(input);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        bytes[length++] = '"';
        return this;
    }
}
