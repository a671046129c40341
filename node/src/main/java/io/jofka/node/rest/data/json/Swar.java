package io.jofka.node.rest.data.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes of text at a time. Little-endian order makes the lowest marked byte the first in memory; marks
 * above it may be wrong (a borrow runs upwards), so only the first is ever used.
 */
final class Swar {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private Swar() {}

    static long get(byte[] bytes, int position) {
        return (long) LONGS.get(bytes, position);
    }

    static void put(byte[] bytes, int position, long value) {
        LONGS.set(bytes, position, value);
    }

    /** Marks the bytes that cannot be copied as they are into a JSON string: quote, backslash, control, non-ASCII. */
    static long special(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        long marks = ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word) | word;
        return marks & HIGHS;
    }

    /** Marks non-ASCII bytes. */
    static long nonAscii(long word) {
        return word & HIGHS;
    }

    /** Index, 0 to 7, of the first marked byte. */
    static int first(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }
}
