package io.jofka.node.rest.data.produce;

import java.util.Arrays;

/**
 * Cuts chunks of bytes into lines; a line within one chunk is not copied. A line over the limit is passed over and told
 * once. Not thread-safe.
 */
final class LineSplitter {
    private static final int FIRST_BYTES = 4 << 10;

    private final int maxLineBytes;
    private final Line line;
    private final Runnable tooLong;
    private byte[] carry = new byte[0];
    private int carried;
    private boolean skipping;

    /** Gets the bytes of a line without its end; they are valid during the call. */
    @FunctionalInterface
    interface Line {
        void line(byte[] bytes, int from, int to);
    }

    LineSplitter(int maxLineBytes, Line line, Runnable tooLong) {
        this.maxLineBytes = maxLineBytes;
        this.line = line;
        this.tooLong = tooLong;
    }

    void take(byte[] chunk, int length) {
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (chunk[at] == '\n') {
                finish(chunk, from, at);
                from = at + 1;
            }
        }
        keep(chunk, from, length);
    }

    /** The last line needs no line end. */
    void end() {
        if (carried > 0 || skipping) {
            finish(carry, 0, 0);
        }
    }

    private void finish(byte[] chunk, int from, int to) {
        if (skipping || carried + (to - from) > maxLineBytes) {
            skipping = false;
            carried = 0;
            tooLong.run();
            return;
        }
        if (carried == 0) {
            line.line(chunk, from, to);
            return;
        }
        keep(chunk, from, to);
        int length = carried;
        carried = 0;
        line.line(carry, 0, length);
    }

    private void keep(byte[] chunk, int from, int to) {
        int size = to - from;
        if (skipping || size == 0) {
            return;
        }
        if (carried + size > maxLineBytes) {
            skipping = true;
            carried = 0;
            return;
        }
        if (carried + size > carry.length) {
            carry = Arrays.copyOf(carry, Math.max(FIRST_BYTES, Math.min(maxLineBytes, 2 * (carried + size))));
        }
        System.arraycopy(chunk, from, carry, carried, size);
        carried += size;
    }
}
