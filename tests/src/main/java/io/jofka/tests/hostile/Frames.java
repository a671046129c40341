package io.jofka.tests.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/**
 * Turns the small language of {@code hostile/kafka.jsonl} into bytes. Words, divided by blanks:
 *
 * <ul>
 *   <li>{@code i8:n i16:n i32:n i64:n} big-endian numbers, {@code uv:n} an unsigned varint
 *   <li>{@code s:text} a string with a 16-bit length, {@code ns} the null string, {@code cs:text} a compact string
 *   <li>{@code x:hex} bytes, {@code z:n} zeros, {@code rep:hex*n} bytes again and again
 *   <li>{@code frame[ ... ]} what is inside with its 32-bit length before it
 *   <li>{@code h:key:version} request header 1, {@code h2:key:version} request header 2
 *   <li>{@code p:topic:partition:acks} a Produce 3 up to its records, {@code f:topic:partition:offset} a whole Fetch 4
 *   <li>{@code batch:kind} records with their 32-bit length, see {@link Batches}
 * </ul>
 */
final class Frames {
    static final int CORRELATION = 7;

    private final Deque<ByteArrayOutputStream> open = new ArrayDeque<>();

    private Frames() {
        open.push(new ByteArrayOutputStream());
    }

    static byte[] parse(String text) {
        Frames frames = new Frames();
        try {
            for (String word : text.trim().split(" +", -1)) {
                frames.word(word);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frames.open.pop().toByteArray();
    }

    private void word(String word) throws IOException {
        if (word.equals("frame[")) {
            open.push(new ByteArrayOutputStream());
            return;
        }
        if (word.equals("]")) {
            byte[] inside = open.pop().toByteArray();
            DataOutputStream out = out();
            out.writeInt(inside.length);
            out.write(inside);
            return;
        }
        int colon = word.indexOf(':');
        String kind = colon < 0 ? word : word.substring(0, colon);
        String value = colon < 0 ? "" : word.substring(colon + 1);
        DataOutputStream out = out();
        switch (kind) {
            case "i8" -> out.writeByte(Integer.parseInt(value));
            case "i16" -> out.writeShort(Integer.parseInt(value));
            case "i32" -> out.writeInt(Integer.parseInt(value));
            case "i64" -> out.writeLong(Long.parseLong(value));
            case "uv" -> varint(out, Integer.parseInt(value));
            case "s" -> string(out, value);
            case "ns" -> out.writeShort(-1);
            case "cs" -> {
                varint(out, value.length() + 1);
                out.write(value.getBytes(StandardCharsets.UTF_8));
            }
            case "x" -> out.write(HexFormat.of().parseHex(value));
            case "z" -> out.write(new byte[Integer.parseInt(value)]);
            case "rep" -> {
                byte[] unit = HexFormat.of().parseHex(value.substring(0, value.indexOf('*')));
                for (int i = Integer.parseInt(value.substring(value.indexOf('*') + 1)); i > 0; i--) {
                    out.write(unit);
                }
            }
            default -> request(out, kind, value.split(":", -1));
        }
    }

    private static void request(DataOutputStream out, String kind, String[] parts) throws IOException {
        switch (kind) {
            case "h" -> header(out, parts[0], parts[1]);
            case "h2" -> {
                header(out, parts[0], parts[1]);
                out.writeByte(0);
            }
            case "p" -> {
                header(out, "0", "3");
                out.writeShort(-1);
                out.writeShort(Integer.parseInt(parts[2]));
                out.writeInt(5_000);
                out.writeInt(1);
                string(out, parts[0]);
                out.writeInt(1);
                out.writeInt(Integer.parseInt(parts[1]));
            }
            case "f" -> {
                header(out, "1", "4");
                for (int number : new int[] {-1, 0, 0, 1_000_000}) {
                    out.writeInt(number);
                }
                out.writeByte(0);
                out.writeInt(1);
                string(out, parts[0]);
                out.writeInt(1);
                out.writeInt(Integer.parseInt(parts[1]));
                out.writeLong(Long.parseLong(parts[2]));
                out.writeInt(1_000_000);
            }
            case "batch" -> {
                byte[] records = Batches.of(parts[0]);
                out.writeInt(records.length);
                out.write(records);
            }
            default -> throw new IllegalArgumentException("no word " + kind);
        }
    }

    private static void header(DataOutputStream out, String key, String version) throws IOException {
        out.writeShort(Integer.parseInt(key));
        out.writeShort(Integer.parseInt(version));
        out.writeInt(CORRELATION);
        string(out, "box");
    }

    private DataOutputStream out() {
        ByteArrayOutputStream top = open.peek();
        if (top == null) {
            throw new IllegalArgumentException("a frame is closed that was not opened");
        }
        return new DataOutputStream(top);
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void varint(DataOutputStream out, int value) throws IOException {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
