package io.jofka.node.rest.data.json;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    /** Length in bytes, 2 to 4, of the well-formed non-ASCII character at {@code at}, or 0 when it is not one. */
    static int sequence(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (end - at < length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Whether all bytes of {@code [from, to)} are text. */
    public static boolean isValid(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (to - at >= Long.BYTES) {
                long marks = Swar.nonAscii(Swar.get(bytes, at));
                if (marks == 0) {
                    at += Long.BYTES;
                    continue;
                }
                at += Swar.first(marks);
            } else if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int length = sequence(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** The largest end {@code <= to} that does not cut a character of valid text in two. */
    public static int wholeCharacters(byte[] bytes, int from, int to) {
        int start = to;
        for (int back = 1; back <= 4 && to - back >= from; back++) {
            int value = bytes[to - back] & 0xff;
            if (value < 0x80) {
                return to;
            }
            if (value >= 0xc0) {
                start = to - back;
                int length = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
                return length <= back ? to : start;
            }
        }
        return start;
    }
}
